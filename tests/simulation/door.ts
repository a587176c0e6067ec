import { complete } from '../../collector/store/complete.ts'
import { cryptoRandom, recordId, withdrawalCode } from '../../collector/store/record-id.ts'
import type { Enrolment } from '../../collector/sync/enrolment.ts'
import type { CompletedInterview } from '../../collector/store/complete.ts'
import type { Answers } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'

export interface Visit {
  readonly form: Form
  readonly questionnaire: Questionnaire
  readonly enrolment: Pick<Enrolment, 'round' | 'deviceId'>
  readonly area: string
  /** ISO 8601 with offset. */
  readonly started: string
  readonly finished: string
  readonly languages: { readonly interface: string; readonly questions: string }
}

/** What the phone does when the enumerator presses Finish, with answers that were given at the door. */
export function finishVisit(
  { form, questionnaire, enrolment, area, started, finished, languages }: Visit,
  answers: Answers,
): CompletedInterview & { readonly code: string } {
  const { id, version, sha256 } = questionnaire
  const code = withdrawalCode(cryptoRandom)
  const overrides = form
    .validate(answers)
    .filter(({ severity }) => severity === 'warning')
    .map(({ place }) => ({ check: place.name, place, reason: 'confirmed' }))
  const draft = {
    id: recordId(enrolment.deviceId, Date.parse(finished), cryptoRandom),
    kind: 'interview' as const,
    questionnaire: { id, version, sha256 },
    area,
    started,
    updated: finished,
    answers,
    place: { screen: 'summary' as const },
    interfaceLanguage: languages.interface,
    questionLanguage: languages.questions,
    overrides,
    secondsByQuestion: {},
    edits: 0,
    interruptions: 0,
    practice: false,
  }
  return {
    ...complete(draft, form, {
      round: enrolment.round.id,
      device: enrolment.deviceId,
      finished,
      appVersion: 'simulation',
      withdrawalCode: code,
    }),
    code,
  }
}
