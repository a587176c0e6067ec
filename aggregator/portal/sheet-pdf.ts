import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
// oxlint-disable-next-line import/no-named-as-default -- its types know only the default export
import PDFDocument from 'pdfkit'
import type { CommunitySheet, SheetShare } from './sheet.ts'
import type { Words } from './words.ts'

const require = createRequire(import.meta.url)
const font = (name: string) => readFileSync(require.resolve(`@fontsource/${name}`))
const margin = 48
/** Height of the text below the last picture, and of one more picture with its question. */
const roomBelow = 320
const ink = '#111111'
const quiet = '#4a4f57'
const accent = '#0072b2'

interface Paper {
  readonly pdf: PDFKit.PDFDocument
  readonly say: Words
  readonly width: number
}

/** The community sheet as a tagged A4 PDF (PDF/UA-1 structure): headings, paragraphs and pictures with their sentence; nothing but the fonts is needed. */
export async function sheetPdf(say: Words, sheet: CommunitySheet): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    margin,
    pdfVersion: '1.7',
    subset: 'PDF/UA',
    tagged: true,
    displayTitle: true,
    lang: say.language,
    info: { Title: `${say('sheet')}: ${sheet.title}`, Author: 'Tala', Subject: sheet.subtitle },
  } as object)
  registerFonts(pdf)
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => pdf.once('end', resolve).once('error', reject))
  write({ pdf, say, width: pdf.page.width - 2 * margin }, sheet)
  pdf.end()
  await ended
  return Buffer.concat(chunks)
}

function registerFonts(pdf: PDFKit.PDFDocument): void {
  for (const [weight, style] of [
    [400, ''],
    [700, '-bold'],
  ] as const) {
    pdf.registerFont(`latin${style}`, font(`noto-sans/files/noto-sans-latin-${weight}-normal.woff`))
    pdf.registerFont(`arabic${style}`, font(`noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff`))
  }
}

function write(paper: Paper, sheet: CommunitySheet): void {
  const { pdf, say } = paper
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const add = (tag: string, draw: () => void, alt?: string) => root.add(pdf.struct(tag, alt === undefined ? {} : { alt }, [draw]))
  add('P', () => line(paper, `${say('name')} · ${say('sheet')}`, { size: 10, colour: quiet }))
  add('H1', () => line(paper, sheet.title, { size: 30, bold: true }))
  add('P', () => line(paper, sheet.subtitle, { size: 11, colour: quiet, after: 8 }))
  add('P', () =>
    line(paper, sheet.people === null ? say('sheet-none') : `${sheet.people} ${sheet.sexes?.sentence ?? ''}`, {
      size: 13,
      bold: true,
      after: 12,
    }),
  )
  for (const share of sheet.shares) {
    // What is hidden, and where to ask, must fit on the same page.
    if (pdf.y > pdf.page.height - roomBelow) break
    const said = say(share.outOf === 100 ? 'sheet-of-100' : 'sheet-of-1000', { value: say.number(share.value) })
    add('H2', () => line(paper, share.asked, { size: 12.5 }))
    add('P', () => line(paper, `${said}${share.low ? ` (${say('low')})` : ''}`, { size: 19, bold: true, colour: accent }))
    if (share.outOf === 100) add('Figure', () => dots(paper, share), said)
  }
  add('H2', () => line(paper, say('sheet-hidden'), { size: 13.5, bold: true, before: 8 }))
  add('P', () => line(paper, sheet.hidden, { size: 11.5 }))
  add('H2', () => line(paper, say('sheet-ask'), { size: 13.5, bold: true, before: 8 }))
  for (const each of sheet.ask) add('P', () => line(paper, each, { size: 11.5 }))
  add('P', () => line(paper, `${sheet.source} ${say('open-data')}.`, { size: 10, colour: quiet, before: 8 }))
  root.end()
}

function dots({ pdf, say, width }: Paper, { value }: SheetShare): void {
  const [step, perRow] = [9.9, 50]
  const top = pdf.y + 2
  for (let index = 0; index < 100; index++) {
    const along = ((index % perRow) + 0.5) * step
    const x = say.direction === 'rtl' ? margin + width - along : margin + along
    const y = top + (Math.floor(index / perRow) + 0.5) * step
    pdf.circle(x, y, 3.7)
    if (index < Math.round(value)) pdf.fillAndStroke(accent, accent)
    else pdf.lineWidth(0.6).stroke('#8a9099')
  }
  pdf.y = top + 2 * step + 12
}

interface LineStyle {
  readonly size: number
  readonly bold?: boolean
  readonly colour?: string
  readonly before?: number
  readonly after?: number
}

const arabic = /[\u0600-\u06ff]/
const latin = /\p{Script=Latin}/u

/**
 * Writes a paragraph, broken at spaces, from the side its language begins at. Words are placed one by one because the PDF library
 * shapes Arabic letters but knows no lines that run from right to left, and because one line may need both fonts.
 */
function line({ pdf, say, width }: Paper, text: string, { size, bold = false, colour = ink, before = 0, after = 0 }: LineStyle): void {
  const rightToLeft = say.direction === 'rtl'
  const use = (run: string) => pdf.font(`${arabic.test(run) ? 'arabic' : 'latin'}${bold ? '-bold' : ''}`).fontSize(size)
  const widthOf = (runs: readonly string[]) => runs.reduce((sum, run) => sum + use(run).widthOfString(run), 0)
  pdf.y += before
  let [along, y] = [0, pdf.y]
  for (const word of wordsOf(text, rightToLeft)) {
    const runs = rightToLeft ? runsOf(word) : [word]
    if (along > 0 && along + widthOf(runs) > width) {
      along = 0
      y += size * 1.35
    }
    runs.forEach((run, index) => {
      const runWidth = use(run).widthOfString(run)
      const x = rightToLeft ? margin + width - along - runWidth : margin + along
      // The space is written too, after the word in reading order, for those who have the sheet read to them.
      const spaced = index < runs.length - 1 ? run : rightToLeft && arabic.test(run) ? run : `${run} `
      pdf.fillColor(colour).text(spaced, x, y - (arabic.test(run) ? size * 0.12 : 0), { lineBreak: false })
      along += runWidth
    })
    along += size * 0.26
  }
  pdf.x = margin
  pdf.y = y + size * 1.35 + after
}

/** Words; on a page of Arabic a name or a date in Latin letters stays one piece, because it runs the other way. */
function wordsOf(text: string, rightToLeft: boolean): readonly string[] {
  const words = text
    .replace(/[\u2068\u2069]/g, '')
    .replaceAll('\u2011', '-')
    .split(/\s+/)
    .filter((word) => word !== '')
  if (!rightToLeft) return words
  return words.reduce<readonly string[]>((pieces, word) => {
    const last = pieces.at(-1)
    return last !== undefined && latin.test(last) && !arabic.test(last) && !arabic.test(word)
      ? [...pieces.slice(0, -1), `${last} ${word}`]
      : [...pieces, word]
  }, [])
}

const mirrored: Readonly<Record<string, string>> = { '(': ')', ')': '(', '«': '»', '»': '«' }

/** Parts of one piece that run in one direction and have one font, in reading order: "(400،" is "(", "400" and "،". */
function runsOf(word: string): readonly string[] {
  if (latin.test(word)) return [word]
  return (word.match(/[\u0600-\u06ff]+|\d[\d.,-]*\d|\d%?|./gu) ?? []).map((run) => mirrored[run] ?? run)
}
