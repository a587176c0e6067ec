import { readdir, readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'

/** What the house knows beyond a survey's own sheets: its concepts, and the standards its code lists are bound to. */
export interface House {
  /** Ids such as `age/1`, each with a definition, a standard and a version. */
  readonly concepts: ReadonlySet<string>
  /** List name -> the standard it is bound to. */
  readonly standards: ReadonlyMap<string, string>
  /** List name -> codes that a crosswalk file translates to the standard. */
  readonly crosswalks: ReadonlyMap<string, ReadonlySet<string>>
}

const folder = new URL('../codelists/', import.meta.url)

/** Reads concepts.csv, lists.csv and the crosswalks of schemas/codelists. */
export async function readHouse(): Promise<House> {
  const rowsOf = async (name: string): Promise<Record<string, string>[]> =>
    parse(await readFile(new URL(name, folder), 'utf8'), { columns: true, bom: true })
  const files = (await readdir(folder)).filter((name) => /^crosswalk-.*\.csv$/.test(name))
  const crosswalks = await Promise.all(files.map(async (name) => crosswalkOf(name, await rowsOf(name))))
  return {
    concepts: new Set((await rowsOf('concepts.csv')).map(({ id }) => id ?? '')),
    standards: new Map((await rowsOf('lists.csv')).map(({ list, standard }) => [list ?? '', standard ?? ''])),
    crosswalks: new Map(crosswalks),
  }
}

// The first column is named by the list it translates; `code` means the list the file is named by.
function crosswalkOf(file: string, rows: readonly Record<string, string>[]): readonly [string, ReadonlySet<string>] {
  const [column = 'code'] = Object.keys(rows[0] ?? {})
  const list = column === 'code' ? file.replace(/^crosswalk-|\.csv$/g, '') : column
  return [list, new Set(rows.map((row) => row[column] ?? ''))]
}
