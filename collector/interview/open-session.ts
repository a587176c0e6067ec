import type { Answers } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Draft } from '../phone.ts'
import { answerArea, withAreas } from './areas.ts'
import { outlineOf } from './outline.ts'
import { firstPlace, standingPlace } from './pages.ts'
import type { Session } from './session.ts'
import { valueAt } from './values.ts'
import { isAwaitingVisit, openedAgain } from './visits.ts'

/**
 * Opens a draft where it was left. The interview day is the day it was started, so that ages do not change overnight.
 * @param at milliseconds of the clock
 */
export function openSession(questionnaire: Questionnaire, round: Round, draft: Draft, at: number): Session {
  const form = createForm(withAreas(questionnaire, round.areas), {
    today: draft.started.slice(0, 10),
    now: draft.started,
    settings: round.settings,
  })
  const outline = outlineOf(questionnaire)
  const { help_card: helpCard } = round.settings
  const answers = answerArea(form, withSettings(form, draft.answers, round.settings), draft.area)
  const isNew = !isAwaitingVisit(draft) && Object.keys(draft.secondsByQuestion).length === 0 && draft.updated === draft.started
  const again = isNew ? draft : openedAgain(form, outline, { ...draft, answers })
  const place = isNew ? firstPlace(form, outline, answers) : standingPlace(form, outline, answers, again.place)
  return {
    form,
    outline,
    draft: { ...again, answers, place },
    problems: [],
    found: place.screen === 'question' ? valueAt(answers, place.at) : undefined,
    openedAt: at,
    helpCard: typeof helpCard === 'string' ? helpCard : undefined,
    counted: false,
  }
}

// What the round or the supervisor changed since; answers of a day ago stay as they are.
function withSettings(form: Form, answers: Answers, settings: Round['settings']): Answers {
  const isCurrent = Object.entries(settings).every(([name, value]) => !(name in answers) || answers[name] === value)
  return isCurrent ? answers : form.calculate(answers)
}
