import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createLabels } from '../../../aggregator/formats/labels.ts'
import { communitySheet } from '../../../aggregator/portal/sheet.ts'
import { sheetPdf } from '../../../aggregator/portal/sheet-pdf.ts'
import { linkIn, type View } from '../../../aggregator/portal/view.ts'
import { wordsIn } from '../../../aggregator/portal/words.ts'
import { townRelease } from '../../support/town-release.ts'

const release = townRelease('2026', 900)
const viewIn = (language: string): View => {
  const say = wordsIn(language)
  const contact = 'Barangay hall, Mondays 9 to 12'
  return {
    say,
    labels: createLabels(say.language, release.areas),
    release,
    rounds: [release],
    boundaries: null,
    address: '',
    contact,
    link: linkIn(language),
  }
}
const sheetIn = (language: string, area: string) => communitySheet(viewIn(language), area)
const pdfIn = (language: string, area = 'B1') => sheetPdf(wordsIn(language), sheetIn(language, area))

describe('a community sheet', () => {
  it('says who lives there, what was found, what was hidden and why, and where to ask', () => {
    const sheet = sheetIn('en', 'B4')
    expect(sheet.people).toBe('90 people live in San Isidro Labrador de Poblacion Norte.')
    expect(sheet.shares).toEqual([expect.objectContaining({ indicator: 'MIG01', outOf: 100, value: 14.4 })])
    // POP01 and MIG01 of men (40 of them) are withheld.
    expect(sheet.sexes).toBeNull()
    expect(sheet.hidden).toContain('2 of 7 figures about this place are hidden')
    expect(sheet.ask[0]).toContain('Barangay hall')
  })
})

describe('the sheet on paper', () => {
  it.each(['en', 'fil', 'ar'])('in %s is one tagged A4 page with title, language and embedded fonts', async (language) => {
    const text = (await pdfIn(language)).toString('latin1')
    expect(text).toContain('/Marked true')
    expect(text).toContain('/StructTreeRoot')
    expect(text).toContain(`/Lang (${language})`)
    expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1)
    expect(text).toMatch(/\/FontFile[23]/)
    for (const tag of ['Document', 'H1', 'H2', 'P', 'Figure']) expect(text).toContain(`/S /${tag}`)
  })

  it('gives every picture its sentence', async () => {
    const text = (await pdfIn('en')).toString('latin1')
    const figures = text.match(/\/S \/Figure/g) ?? []
    expect(figures.length).toBeGreaterThan(0)
    expect(text.match(/\/Alt \([^)]{8,}\)/g)).toHaveLength(figures.length)
  })

  it('draws as many filled dots as the share says', async () => {
    const page = (await pdfIn('en')).toString('latin1')
    const streams = [...page.matchAll(/stream\n(.*?)\nendstream/gs)].flatMap(([, body = '']) => {
      try {
        return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')]
      } catch {
        return []
      }
    })
    const drawing = streams.find((each) => each.includes('BDC')) ?? ''
    const value = sheetIn('en', 'B1').shares[0]?.value ?? 0
    expect(drawing.match(/^B$/gm)).toHaveLength(Math.round(value))
    expect(drawing.match(/^S$/gm)).toHaveLength(100 - Math.round(value))
  })

  it('is read by poppler as tagged, with its words in order', async (test) => {
    if (spawnSync('pdfinfo', ['-v']).status !== 0) test.skip('pdfinfo is not on this machine')
    const folder = mkdtempSync(join(tmpdir(), 'tala-sheet-'))
    const path = join(folder, 'sheet.pdf')
    writeFileSync(path, await pdfIn('en'))
    const facts = execFileSync('pdfinfo', [path], { encoding: 'utf8' })
    expect(facts).toMatch(/Tagged:\s+yes/)
    expect(facts).toMatch(/Page size:.*A4/)
    expect(execFileSync('pdfinfo', ['-struct-text', path], { encoding: 'utf8' })).toContain('"360 people live in Bagong Silang.')
    rmSync(folder, { recursive: true })
  })
})
