import type { Choice } from '../questionnaire.ts'
import type { Value } from './value.ts'

/** What an expression can see from where it stands: the household, or one member of a repeat. */
export interface Scope {
  /** The interview day, YYYY-MM-DD, and the local time with offset. */
  readonly today: string
  readonly now: string
  /**
   * The answer to a question: of this member, else of the household. From outside its repeat, or for the name of a repeat itself,
   * a list with one value per member. Unanswered is `''`; so is a number, date or text with a missing code.
   */
  value(name: string): Value
  /** The answer being checked or calculated. */
  self(): Value
  /** Every member of a repeat, in order, each a scope of its own. */
  members(repeat: string): readonly Scope[]
  /** Place of this member in its repeat, from 1; 0 at household level. */
  position(): number
  /** Label of a code in the list of a question, in the language shown; the code itself when it has none. */
  choiceName(question: string, code: string): string
  /** The choices of a list, for `instance('list')`. */
  list(name: string): readonly Choice[]
  /** From 0 to below 1; read only by once(random()) and once(uuid()) while the question is still empty. */
  random(): number
}
