import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findReadable } from './forensics.ts'
import { moments } from './moments.ts'
import { runSchedules } from './schedules.ts'

describe('a phone that is killed again and again', () => {
  it('has every answer it showed as saved, sends each finished interview once, and leaves nothing to read', async () => {
    const { report, met } = await runSchedules(20260311, 20)
    expect(report).toMatchObject({ schedules: 20, readable_hits: 0, records_wrong: 0 })
    // A slow machine may be idle before a moment comes, and dies before a new version is let in: most moments, and one of an update, are enough.
    expect(Object.keys(met).length).toBeGreaterThan(moments.length / 2)
    expect(Object.keys(met).filter((moment) => /^(update|new version)/.test(moment))).not.toEqual([])
    expect(report.answers_shown_saved).toBeGreaterThan(0)
    expect(report.answers_found).toBe(report.answers_shown_saved)
  }, 600_000)
})

describe('the search for readable traces', () => {
  const name = 'Amihan Dimaculangan'
  it.each([
    ['UTF-8', Buffer.from(`x${name}y`)],
    ['UTF-16', Buffer.from(name, 'utf16le')],
    ['hex', Buffer.from(Buffer.from(name).toString('hex'))],
    ['base64+0', Buffer.from(Buffer.from(`abc${name} of 17`).toString('base64'))],
    ['base64+1', Buffer.from(Buffer.from(`a${name} of 17`).toString('base64'))],
    ['base64+2', Buffer.from(Buffer.from(`ab${name} of 17`).toString('base64'))],
    ['deflated UTF-8', Buffer.concat([Buffer.from('head'), gzipSync(`{"name":"${name}"}`)])],
  ])('finds a name written as %s', (writing, bytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'tala-traces-'))
    writeFileSync(join(folder, 'file'), bytes)
    expect(findReadable(folder, { name }).map((hit) => hit.writing)).toEqual([writing])
    rmSync(folder, { recursive: true })
  })
})
