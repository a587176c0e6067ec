import { tableFromIPC } from '@uwdata/flechette'
import JSONstat from 'jsonstat-toolkit'
import { readSheet } from 'read-excel-file/node'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { toArrow } from '../../../aggregator/formats/arrow.ts'
import { toCsv } from '../../../aggregator/formats/csv.ts'
import { toDataPackage } from '../../../aggregator/formats/data-package.ts'
import { toDta } from '../../../aggregator/formats/dta.ts'
import { toSav } from '../../../aggregator/formats/sav.ts'
import { toJson } from '../../../aggregator/formats/json.ts'
import { toJsonStat } from '../../../aggregator/formats/json-stat.ts'
import { createLabels } from '../../../aggregator/formats/labels.ts'
import { recordsOf } from '../../../aggregator/formats/observations.ts'
import { toXlsx } from '../../../aggregator/formats/xlsx.ts'
import { exampleTable } from '../../support/protected-table.ts'

const labels = createLabels('en', { A1: 'Mabini', A2: 'Rizal' })

describe('a released table as CSV', () => {
  const rows = parse(toCsv(exampleTable()), { columns: true }) as Record<string, string>[]

  it('has one line per planned cell, published or not', () => {
    expect(rows).toHaveLength(9)
  })

  it('leaves a withheld figure empty and says Q: it is never 0', () => {
    expect(rows.filter(({ OBS_STATUS }) => OBS_STATUS === 'Q').map(({ OBS_VALUE, NUMERATOR }) => [OBS_VALUE, NUMERATOR])).toEqual([
      ['', ''],
      ['', ''],
      ['', ''],
    ])
  })

  it('does not tell a primary from a secondary suppression', () => {
    expect(new Set(rows.filter(({ OBS_STATUS }) => OBS_STATUS === 'Q').map(({ CONF_STATUS }) => CONF_STATUS))).toEqual(new Set(['C']))
  })

  it('can be cut to some codes of some dimensions', () => {
    expect(parse(toCsv(exampleTable(), { SEX: ['F'], REF_AREA: ['A1'] }), { columns: true })).toMatchObject([
      { REF_AREA: 'A1', SEX: 'F', OBS_VALUE: '20' },
    ])
  })
})

describe('a released table as JSON', () => {
  it('holds the same records as the CSV', () => {
    expect(toJson(exampleTable()).observations).toEqual(recordsOf(exampleTable()))
  })
})

describe('a released table as JSON-stat', () => {
  const dataset = JSONstat(toJsonStat(exampleTable(), labels, { label: 'Born abroad', updated: '2026-11-21' })) as {
    length: number
    n: number
    Data: (key: object) => { value: number | null; status: string | null }
    Dimension: (id: string) => { Category: (id: string) => { label: string } }
  }

  it('is read by an independent client with every cell in its place', () => {
    expect(dataset.n).toBe(9)
    for (const record of recordsOf(exampleTable())) {
      expect(dataset.Data({ REF_AREA: record.REF_AREA, SEX: record.SEX }).value).toBe(record.OBS_VALUE)
    }
  })

  it('can be cut to some codes, every other cell in its place', () => {
    const cut = JSONstat(
      toJsonStat(exampleTable(), labels, { label: '', updated: '' }, { SEX: ['F'], REF_AREA: ['A1', 'A2'] }),
    ) as typeof dataset
    expect(cut.n).toBe(2)
    expect(cut.Data({ REF_AREA: 'A1', SEX: 'F' }).value).toBe(20)
    expect(cut.Data({ REF_AREA: 'A2', SEX: 'F' })).toMatchObject({ value: null, status: 'Q' })
  })

  it('marks withheld cells and names codes', () => {
    expect(dataset.Data({ REF_AREA: 'A2', SEX: 'F' })).toMatchObject({ value: null, status: 'Q' })
    expect(dataset.Dimension('REF_AREA').Category('A1').label).toBe('Mabini')
  })
})

describe('labels', () => {
  it.each([
    ['Y0T4', '0–4'],
    ['Y15T24', '15–24'],
    ['Y_GE65', '65+'],
    ['_T', 'All ages'],
  ])('reads the age code %s as %s', (code, label) => {
    expect(labels.code('AGE', code)).toBe(label)
  })

  it('falls back to English and then to the code', () => {
    expect(createLabels('xx', {}).code('SEX', 'F')).toBe('Women')
    expect(createLabels('en', {}).code('REF_AREA', 'Z9')).toBe('Z9')
  })
})

describe('a released table as Arrow', () => {
  it('is read by an independent reader, nulls where withheld', () => {
    const read = tableFromIPC(toArrow(exampleTable()))
    expect(read.toArray()).toEqual(recordsOf(exampleTable()))
  })
})

describe('a released table as a workbook', () => {
  it('holds numbers as numbers and nothing where withheld', async () => {
    const rows = await readSheet(Buffer.from(await toXlsx(exampleTable(), {}, { title: 'Born abroad' })), 'data')
    const [head = [], ...body] = rows
    expect(body.map((row) => row[head.indexOf('OBS_VALUE')])).toEqual(recordsOf(exampleTable()).map(({ OBS_VALUE }) => OBS_VALUE))
  })
})

describe('the data package of a table', () => {
  it('describes every column of the CSV, in order', () => {
    const [resource] = toDataPackage(exampleTable(), { title: 'Born abroad', address: 'data.csv' }).resources as [
      { schema: { fields: { name: string }[] } },
    ]
    const [head = ''] = toCsv(exampleTable()).split('\n')
    expect(resource.schema.fields.map(({ name }) => name).join(',')).toBe(head)
  })
})

describe('a released table for Stata', () => {
  const file = toDta(exampleTable(), { REF_AREA: ['A1', 'A2'] }, { title: 'Born abroad' })

  it('has a map that names where every section begins', () => {
    const map = file.indexOf('<map>') + 5
    const places = Array.from({ length: 14 }, (_, index) => Number(file.readBigUInt64LE(map + 8 * index)))
    const at = (place: number) =>
      file
        .subarray(place, place + 80)
        .toString('latin1')
        .split('>')[0]
    expect(places.slice(0, -1).map(at)).toEqual([
      '<stata_dta',
      '<map',
      '<variable_types',
      '<varnames',
      '<sortlist',
      '<formats',
      '<value_label_names',
      '<variable_labels',
      '<characteristics',
      '<data',
      '<strls',
      '<value_labels',
      '</stata_dta',
    ])
    expect(places.at(-1)).toBe(file.length)
  })

  it('has a missing value, not zero, where a figure is withheld', () => {
    expect(file.toString('hex').match(/000000000000e07f/g)).toHaveLength(3 * 3)
  })
})

describe('a released table for SPSS', () => {
  const file = toSav(exampleTable(), {}, { title: 'Born abroad', day: '2026-11-21' })

  it('says how many cases of which size follow the dictionary', () => {
    const [caseSize, cases] = [file.readInt32LE(68), file.readInt32LE(80)]
    const data = file.indexOf(Buffer.from([0xe7, 0x03, 0, 0, 0, 0, 0, 0])) + 8
    expect(cases).toBe(9)
    expect(file.length - data).toBe(cases * caseSize * 8)
  })

  it('has the system-missing value where a figure is withheld', () => {
    const missing = Buffer.alloc(8)
    missing.writeDoubleLE(-Number.MAX_VALUE)
    // One more stands in the dictionary, which names it.
    expect(file.toString('hex').split(missing.toString('hex'))).toHaveLength(3 * 3 + 2)
  })
})
