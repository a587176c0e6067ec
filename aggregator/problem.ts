import problems from '../schemas/problems.json' with { type: 'json' }

export type ProblemType = keyof typeof problems

/** An expected failure, with a permanent type from schemas/problems.json. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly type: ProblemType
  readonly detail: string
  readonly facts: Readonly<Record<string, unknown>>

  /** @param detail What happened this time and what to do next. Never holds an answer or an identifier. */
  constructor(type: ProblemType, detail: string, facts: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(`${type}: ${detail}`, options)
    this.type = type
    this.detail = detail
    this.facts = facts
  }

  get status(): number {
    return problems[this.type].status
  }

  get title(): string {
    return problems[this.type].title
  }
}
