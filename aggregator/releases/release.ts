import type { Texts } from '../../schemas/questionnaire.ts'
import type { SignedHead } from '../custody/audit-chain.ts'
import type { ProtectedTable } from '../disclosure/protected.ts'

/** An indicator as it was defined when the release was made, in words for readers. */
export interface ReleasedIndicator {
  readonly id: string
  readonly version: string
  /** Another one where a rule of a derived variable behind the figure is another; absent in releases made before it was kept. */
  readonly rules?: string
  readonly title: Texts
  readonly label: Texts
  readonly unit: string
  /** In English; `universeLabel` has the other languages since it is kept in releases. */
  readonly universe: string
  readonly universeLabel?: Texts
  readonly class: string
  readonly source: string
  readonly gcm: readonly number[]
  readonly sdg?: string | null
}

export type NamedDimensions = Readonly<Record<string, { readonly label: Texts; readonly codes: Readonly<Record<string, Texts>> }>>

export interface QuestionnaireReference {
  readonly id: string
  readonly version: string
  readonly sha256: string
}

export interface ReleasedFile {
  /** Relative to the release's folder. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  /** Id of the table it holds. */
  readonly table: string
}

/** What was released, from what, and how it was protected. Signed; holds nothing that the tables do not show. */
export interface ReleaseManifest {
  readonly schema: 'release/1'
  readonly id: string
  readonly round: string
  readonly roundTitle: string
  /** ISO 8601. */
  readonly published: string
  readonly plan: { readonly id: string; readonly title: string }
  readonly questionnaires: readonly QuestionnaireReference[]
  readonly ruleVersions: Readonly<Record<string, string>>
  readonly indicators: readonly ReleasedIndicator[]
  /** Names of areas by code, in the order of the register. */
  readonly areas: Readonly<Record<string, string>>
  /** Names of dimensions that are the answers to a question, with their codes. */
  readonly dimensions?: NamedDimensions
  readonly protection: {
    readonly policy: string
    readonly minimumCount: number
    readonly rounding: number
    /** In the tables, a total and the figure it repeats in another table counted twice. */
    readonly cells: number
    readonly published: number
    readonly withheld: number
    readonly impossible: number
    readonly linearPrograms: number
    /** SHA-256 of the internal certificate. */
    readonly certificate: string
    /** Areas whose figures are those of the release before, because too few records changed to show the difference. */
    readonly carriedForward: readonly string[]
  }
  /** Head of the audit chain when the release was made. */
  readonly audit: SignedHead | null
  readonly files: readonly ReleasedFile[]
}

/** One frozen release, opened and checked. */
export interface Release {
  readonly id: string
  /** ISO 8601. */
  readonly published: string
  readonly round: string
  readonly roundTitle: string
  readonly tables: readonly ProtectedTable[]
  readonly indicators: readonly ReleasedIndicator[]
  readonly areas: Readonly<Record<string, string>>
  readonly dimensions?: NamedDimensions
  readonly cells: number
  readonly withheld: number
  /** Areas whose figures are those of the release before; see `protection.carriedForward` of the manifest. */
  readonly carried?: readonly string[]
  readonly manifest: ReleaseManifest
  /** Folder of the files named in the manifest. */
  readonly folder: string
}
