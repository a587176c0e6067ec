import type { Choice } from '../../../schemas/questionnaire.ts'
import type { Scope } from '../../../schemas/language/scope.ts'
import type { Single, Value } from '../../../schemas/language/value.ts'

type Fields = Readonly<Record<string, Single>>

/** A household for tests: fields by name, one repeat `person`. What is absent is empty. */
export interface Household {
  readonly fields?: Fields
  readonly members?: readonly Fields[]
  readonly self?: Single
  /** Questions of the repeat, needed when it has no member. */
  readonly memberNames?: readonly string[]
  readonly lists?: Readonly<Record<string, readonly Choice[]>>
}

/** Labels of every coded question here. */
export const choiceLabels: Readonly<Record<string, string>> = { '01': 'one', '02': "two's" }

const interviewDay = '2026-03-15'

/** The scope at household level, or (with `row` from 0) of one member. */
export function scopeOf(household: Household, row?: number): Scope {
  const { fields = {}, members = [], self = '', lists = {} } = household
  const own = row === undefined ? undefined : members[row]
  const memberNames = new Set([...members.flatMap((each) => Object.keys(each)), ...(household.memberNames ?? [])])
  const value = (name: string): Value => {
    if (own && memberNames.has(name)) return own[name] ?? ''
    if (name === 'person' || memberNames.has(name)) return { items: members.map((each) => each[name] ?? '') }
    return fields[name] ?? ''
  }
  return {
    today: interviewDay,
    now: `${interviewDay}T10:30:00+08:00`,
    value,
    self: () => self,
    members: () => members.map((_, index) => scopeOf(household, index)),
    position: () => (row ?? -1) + 1,
    choiceName: (_, code) => choiceLabels[code] ?? code,
    list: (name) => lists[name] ?? [],
    random: () => 0.5,
  }
}
