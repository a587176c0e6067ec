import type { Answers, Place } from '../../schemas/interview/answers.ts'
import type { Form, Problem } from '../../schemas/interview/form.ts'
import type { Interview } from '../../schemas/interview/interview.ts'
import type { CheckNode, Outline } from './outline.ts'
import { placeOf, rowsOf, samePlace, valueAt } from './values.ts'

/** Why a warning stands although somebody asked: codes, never a sentence about the household. */
export const overrideReasons = ['asked-again', 'paper-seen', 'unusual'] as const
export type OverrideReason = (typeof overrideReasons)[number]

export type Override = Interview['overrides'][number]

/**
 * The cross-member checks to raise after one question was answered. A check speaks as soon as all that it compares is answered,
 * so that the second of two ages raises it and not the first.
 */
export function raisedBy(form: Form, outline: Outline, answers: Answers, answered: Place): readonly Problem[] {
  return (outline.checksOf.get(answered.name) ?? []).flatMap((check) =>
    placesOf(check, answers, answered)
      .filter((place) => isSpoken(form, outline, check, answers, place) && form.isRelevant(answers, place))
      .map((place) => ({ kind: 'check' as const, severity: check.question.severity ?? 'warning', place })),
  )
}

function placesOf({ question, repeat }: CheckNode, answers: Answers, answered: Place): readonly Place[] {
  if (!repeat) return [{ name: question.name }]
  if (answered.repeat === repeat.name) return [placeOf(question.name, repeat.name, answered.row)]
  return rowsOf(answers, repeat.name).map(({ _id }) => placeOf(question.name, repeat.name, _id))
}

function isSpoken(form: Form, outline: Outline, { compares }: CheckNode, answers: Answers, check: Place): boolean {
  return compares.every(({ name, reach }) => {
    const repeat = outline.nodes.get(name)?.repeat?.name
    const places =
      repeat !== undefined && (reach === 'every' || check.repeat !== repeat)
        ? rowsOf(answers, repeat).map(({ _id }) => placeOf(name, repeat, _id))
        : [placeOf(name, repeat, check.row)]
    // Of nobody nothing can be said yet.
    if (places.length === 0) return false
    return places.every(
      (place) => valueAt(answers, place) !== undefined || !form.check(answers, place).some(({ kind }) => kind === 'required'),
    )
  })
}

/** True when the enumerator said that this is right as it stands. */
export function isConfirmed(overrides: readonly Override[], { place }: Problem): boolean {
  return overrides.some((each) => each.check === place.name && samePlace(each.place, place))
}

/** A changed answer takes back the confirmations that rested on it. */
export function standingOverrides({ checksOf }: Outline, overrides: readonly Override[], changed: Place): readonly Override[] {
  const touched = new Set((checksOf.get(changed.name) ?? []).map(({ question }) => question.name))
  if (touched.size === 0) return overrides
  return overrides.filter(
    ({ check, place }) => !touched.has(check) || (changed.row !== undefined && place.row !== undefined && place.row !== changed.row),
  )
}
