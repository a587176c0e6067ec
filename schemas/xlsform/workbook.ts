/** A sheet as it was written: the first row is the header, `row` counts as the spreadsheet program does (header = 1). */
export interface Sheet {
  readonly name: string
  readonly header: readonly string[]
  readonly rows: readonly SheetRow[]
}

export interface SheetRow {
  readonly row: number
  /** In the order of the header; an empty cell is ''. */
  readonly cells: readonly string[]
}

/** A survey before compilation: its sheets, and the CSV files that `select_one_from_file` names. */
export interface Workbook {
  readonly sheets: readonly Sheet[]
  readonly files: Readonly<Record<string, Sheet>>
}

/** Something the author must or should change, where it stands and what to write instead. */
export interface Diagnostic {
  readonly sheet: string
  readonly row: number
  /** The header of the column as written, or '' when the whole row or sheet is meant. */
  readonly column: string
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** Something that was read and has no effect here. Nothing is dropped without a line of these. */
export interface Ignored {
  readonly sheet: string
  readonly row: number
  readonly column: string
  readonly what: string
}

/** Collects what is wrong and what is ignored, so that an author sees all of it at once. */
export class Findings {
  readonly problems: Diagnostic[] = []
  readonly ignored: Ignored[] = []

  error(at: Spot, message: string): void {
    this.problems.push({ sheet: at.sheet, row: at.row, column: at.column ?? '', severity: 'error', message })
  }

  warn(at: Spot, message: string): void {
    this.problems.push({ sheet: at.sheet, row: at.row, column: at.column ?? '', severity: 'warning', message })
  }

  ignore(at: Spot, what: string): void {
    this.ignored.push({ sheet: at.sheet, row: at.row, column: at.column ?? '', what })
  }

  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity === 'error')
  }
}

export interface Spot {
  readonly sheet: string
  readonly row: number
  readonly column?: string
}

/** `1 error`, `2 errors`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
