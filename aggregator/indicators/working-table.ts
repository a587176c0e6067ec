/** One axis of a table: a rooted tree whose node 0 is the total. Codes follow SDMX where a code list exists. */
export interface Dimension {
  /** SEX, AGE, MIG_STATUS, DISABILITY, REF_AREA, or the id of an indicator's own distribution. */
  readonly id: string
  readonly nodes: readonly DimensionNode[]
}

export interface DimensionNode {
  /** `_T` for the total. */
  readonly code: string
  /** Index of the parent node; null for node 0. Children come after their parent. */
  readonly parent: number | null
}

/** Figures before protection. Never leaves the office: formats/ and portal/ cannot take it. */
export interface WorkingTable {
  readonly marking: 'not for release'
  readonly indicator: string
  readonly indicatorVersion: string
  readonly round: string
  readonly level: 'person' | 'household'
  readonly type: 'proportion' | 'mean' | 'quantile' | 'ratio' | 'distribution' | 'count' | 'rate'
  readonly dimensions: readonly Dimension[]
  /** All combinations of nodes with at least one respondent; a missing combination has none. */
  readonly cells: readonly WorkingCell[]
}

export interface WorkingCell {
  /** One node index per dimension. */
  readonly nodes: readonly number[]
  /** Unweighted respondents in the denominator (for a count: counted units). */
  readonly respondents: number
  /** Unweighted respondents in the numerator; for count and mean the same as `respondents`. */
  readonly cases: number
  /** Weighted sums; weight 1 in a census. */
  readonly numerator: number
  readonly denominator: number
  /** In the indicator's unit; null when the denominator is 0. */
  readonly value: number | null
  /** Respondents of the universe who were not asked, did not know or preferred not to say. */
  readonly withoutAnswer: number
  /** Of a sample: how far the value may be off. Absent in a census, which has no sampling error. */
  readonly sampling?: Sampling
}

/** In the indicator's unit, but for the design effect and the status. */
export interface Sampling {
  readonly standardError: number
  /** 95 percent: Korn-Graubard for proportions, Student's t for the rest. */
  readonly low: number
  readonly high: number
  /** Null where all answers are the same. */
  readonly designEffect: number | null
  /** SDMX CL_OBS_STATUS: U is of low reliability. */
  readonly status: 'A' | 'U'
}
