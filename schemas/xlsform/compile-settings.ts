import { columnsOf, RowReader } from './columns.ts'
import { languageCode } from './languages.ts'
import type { Findings, Sheet, Workbook } from './workbook.ts'

export interface Settings {
  readonly id: string
  readonly version: string | undefined
  readonly title: string
  /** As written: `English (en)`, `en`, or '' when the form has only one. */
  readonly defaultLanguage: string
  /** Codes of languages whose texts await review. */
  readonly draftLanguages: readonly string[]
}

const known = new Set(['form_title', 'form_id', 'version', 'default_language', 'tala::draft_languages'])

const effectless: Readonly<Record<string, string>> = {
  style: 'The phone shows one question at a time, or a group with appearance field-list.',
  instance_name: 'Homes are named by their number on the listing.',
  public_key: 'Records are sealed to the keys of this deployment.',
  submission_url: 'Records go to the server that enrolled the phone.',
  auto_send: 'Records are sent whenever there is a network.',
  auto_delete: 'The phone frees a record only after the server has accepted it.',
  allow_choice_duplicates: 'A code stands once in a list; choices that repeat are reported.',
}

/** Reads the settings sheet; `fallbackId` names a survey that has no form_id. */
export function readSettings(workbook: Workbook, findings: Findings, fallbackId: string): Settings {
  const sheet = workbook.sheets.find(({ name }) => name === 'settings')
  const row = settingsRow(sheet, findings)
  const written = row?.cell('form_id') ?? ''
  if (written === '')
    findings.warn(
      { sheet: 'settings', row: 2, column: 'form_id' },
      `The survey has no form_id; it is called ${slug(fallbackId)}. Write a short id, for example household.`,
    )
  const id = slug(written === '' ? fallbackId : written)
  if (written !== '' && written !== id)
    findings.warn(
      { sheet: 'settings', row: 2, column: 'form_id' },
      `The form_id "${written}" is used as ${id}: tables are named by it. Write it with small letters, digits and _.`,
    )
  if ((row?.cell('version') ?? '') === '')
    findings.warn(
      { sheet: 'settings', row: 2, column: 'version' },
      'The survey has no version; one is made from its content. Write one, and raise it with every change.',
    )
  return {
    id,
    version: row?.cell('version') || undefined,
    title: row?.cell('form_title') || id,
    defaultLanguage: row?.cell('default_language') ?? '',
    draftLanguages: (row?.cell('tala::draft_languages') ?? '').split(/[\s,]+/).filter((code) => code !== ''),
  }
}

function settingsRow(sheet: Sheet | undefined, findings: Findings): RowReader | undefined {
  const first = sheet?.rows[0]
  if (sheet === undefined || first === undefined) return undefined
  const row = new RowReader(sheet, columnsOf(sheet, known), first)
  for (const [header, cell] of Object.entries(row.free())) {
    findings.ignore(
      { sheet: 'settings', row: first.row, column: header },
      effectless[header.toLowerCase()] ?? `The setting ${header} = ${cell} has no effect here.`,
    )
  }
  for (const extra of sheet.rows.slice(1)) findings.ignore({ sheet: 'settings', row: extra.row }, 'Only the first row of settings counts.')
  return row
}

function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
  return /^[a-z]/.test(plain) ? plain : `form_${plain}`.replace(/_$/, '')
}

/** The languages of the headers: as written -> code, in their order; unknown names get a code of their own and a warning. */
export function collectLanguages(
  written: readonly { readonly language: string; readonly sheet: string; readonly header: string }[],
  settings: Settings,
  findings: Findings,
): { readonly codes: ReadonlyMap<string, string>; readonly defaultCode: string; readonly names: ReadonlyMap<string, string> } {
  const codes = new Map<string, string>()
  const names = new Map<string, string>()
  for (const { language, sheet, header } of written) {
    if (language === '' || codes.has(language)) continue
    const code = languageCode(language) ?? privateCode(language)
    if (languageCode(language) === undefined) {
      findings.warn(
        { sheet, row: 1, column: header },
        `The language "${language}" has no code. Write it as "Name (code)", for example Filipino (fil).`,
      )
    }
    codes.set(language, code)
    if (!names.has(code)) names.set(code, language)
  }
  const wanted =
    settings.defaultLanguage === '' || settings.defaultLanguage === 'default'
      ? undefined
      : (languageCode(settings.defaultLanguage) ?? privateCode(settings.defaultLanguage))
  const plain = written.some(({ language }) => language === '')
  const first = [...names.keys()][0]
  if (wanted !== undefined && !names.has(wanted) && !plain) {
    findings.error(
      { sheet: 'settings', row: 2, column: 'default_language' },
      `No column is written in the default language "${settings.defaultLanguage}". Write one of: ${[...names.values()].join(', ') || 'a language of the label columns'}.`,
    )
  }
  const usable = wanted !== undefined && (names.has(wanted) || plain) ? wanted : undefined
  const defaultCode = usable ?? (plain ? 'und' : (first ?? 'und'))
  if (plain && wanted === undefined && first !== undefined) {
    findings.warn(
      { sheet: 'settings', row: 2, column: 'default_language' },
      'Some columns name no language. Write their language in default_language, for example English (en).',
    )
  }
  const literal = names.get(defaultCode)
  if (usable !== undefined && literal !== undefined && literal !== settings.defaultLanguage) {
    findings.warn(
      { sheet: 'settings', row: 2, column: 'default_language' },
      `The columns write "${literal}", the default language "${settings.defaultLanguage}". Other tools take them for two languages; write the same.`,
    )
  }
  if (!plain && wanted === undefined && names.size > 1) {
    findings.warn(
      { sheet: 'settings', row: 2, column: 'default_language' },
      `The survey names no default language; ${names.get(defaultCode) ?? defaultCode} is used. Write it in default_language.`,
    )
  }
  codes.set('', defaultCode)
  if (!names.has(defaultCode)) names.set(defaultCode, settings.defaultLanguage || 'default')
  return { codes, defaultCode, names }
}

// BCP 47 keeps x- for private use: a language we do not know stays usable and is not taken for another.
function privateCode(language: string): string {
  return `x-${
    language
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '')
      .slice(0, 8) || 'unknown'
  }`
}
