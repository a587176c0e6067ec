import type { Expression } from './language/expression.ts'

/** Text per language code; `${name}` inside is replaced by that answer when shown. */
export type Texts = Readonly<Record<string, string>>

/** A compiled questionnaire: the only source of form, schema, columns and codebook. Made by schemas/xlsform/compile.ts. */
export interface Questionnaire {
  readonly schema: 'questionnaire/1'
  /** Raised when a form needs an engine that older phones do not have; a phone refuses a newer number and keeps its old form. */
  readonly engine: 1
  readonly id: string
  readonly version: string
  readonly title: Texts
  readonly languages: readonly Language[]
  readonly defaultLanguage: string
  readonly items: readonly Item[]
  readonly lists: Readonly<Record<string, ChoiceList>>
  /** Made-up interviews as they are sealed, against which real ones are deflated (schemas/sealing/dictionary.ts). Without them records are a third larger. */
  readonly dictionary?: string
  /** SHA-256 (hex) of the canonical JSON of everything else. */
  readonly sha256: string
}

export interface Language {
  /** BCP 47 tag: en, fil, id, bn, ne, ar. */
  readonly code: string
  /** The language's name in itself: Filipino, العربية. */
  readonly name: string
  readonly direction: 'ltr' | 'rtl'
  /** True until a speaker has reviewed the texts. */
  readonly draft: boolean
}

export type Item = Group | Repeat | Question

interface Asked {
  readonly name: string
  readonly label?: Texts
  readonly hint?: Texts
  readonly relevant?: Expression
  readonly appearance?: readonly string[]
}

export interface Group extends Asked {
  readonly kind: 'group'
  readonly items: readonly Item[]
}

/** A roster: one row per member. Only one level of repeats exists. */
export interface Repeat extends Asked {
  readonly kind: 'repeat'
  readonly count?: Expression
  readonly items: readonly Item[]
}

export type QuestionType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'range'
  | 'date'
  | 'time'
  | 'datetime'
  | 'select_one'
  | 'select_multiple'
  | 'rank'
  | 'acknowledge'
  | 'geopoint'
  | 'image'
  | 'audio'
  | 'barcode'
  | 'note'
  | 'calculate'
  | 'hidden'
  | 'start'
  | 'end'
  | 'today'
  | 'deviceid'

export interface Question extends Asked {
  readonly kind: 'question'
  readonly type: QuestionType
  /** Name of the choice list, for select_one, select_multiple and rank. */
  readonly list?: string
  readonly media?: { readonly image?: Texts; readonly audio?: Texts }
  readonly required?: Expression
  readonly requiredMessage?: Texts
  readonly constraint?: Expression
  readonly constraintMessage?: Texts
  readonly calculation?: Expression
  readonly choiceFilter?: Expression
  readonly default?: string | number | Expression
  readonly readOnly?: boolean
  readonly parameters?: Readonly<Record<string, string>>
  /** tala::sensitivity. A direct identifier never travels with the answers. */
  readonly sensitivity: Sensitivity
  /** tala::concept: id in schemas/codelists/concepts.csv. */
  readonly concept?: string
  /** tala::who_answers. */
  readonly whoAnswers?: 'interviewer' | 'household' | 'proxy' | 'self'
  /** tala::severity on a note makes it a check: it is raised while its `relevant` is true. */
  readonly severity?: 'note' | 'warning' | 'blocking'
  /** tala::missing: codes offered beside a number, date or text: 98 don't know, 99 prefer not to say. */
  readonly missing?: readonly ('98' | '99')[]
  /** tala::consent: the purpose that this yes/no decides. */
  readonly consent?: Purpose
  /** tala::unit, e.g. months, PHP. */
  readonly unit?: string
  /** tala::type of a calculation's column. */
  readonly valueType?: 'integer' | 'decimal' | 'text' | 'code' | 'date'
}

export type Sensitivity = 'ordinary' | 'quasi-identifier' | 'sensitive' | 'direct identifier'
export type Purpose = 'interview' | 'sharing' | 'referral' | 'recontact' | 'linking'

export interface ChoiceList {
  readonly choices: readonly Choice[]
  /** Codes that cannot be picked together with another: none, 98, 99. */
  readonly exclusive?: readonly string[]
}

export interface Choice {
  readonly name: string
  readonly label: Texts
  readonly media?: { readonly image?: Texts; readonly audio?: Texts }
  /** Every other column of the choices sheet, for choice_filter and crosswalks (sdmx, cbms, …). */
  readonly columns?: Readonly<Record<string, string>>
}
