import { answerArea, withAreas } from '../../../collector/interview/areas.ts'
import { type Conduct, conduct } from '../../../collector/interview/conduct.ts'
import { openSession } from '../../../collector/interview/open-session.ts'
import type { Draft } from '../../../collector/phone.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import household from '../../../schemas/generated/household/questionnaire.json' with { type: 'json' }
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { createFakePhone, type FakePhone, fakeRound } from '../../support/fake-phone.ts'

export const questionnaire = household as unknown as Questionnaire
export const noon = () => new Date('2026-11-21T12:00:00Z')

/** The form of the household survey on a fixed day, with the areas of the fake round. */
export function householdForm(settings: Readonly<Record<string, string | number>> = {}): Form {
  return createForm(withAreas(questionnaire, fakeRound.areas), {
    today: '2026-11-21',
    now: '2026-11-21T12:00:00+00:00',
    settings: { ...fakeRound.settings, ...settings },
  })
}

export interface OpenInterview {
  readonly phone: FakePhone
  readonly conduct: Conduct
  /** Kills the page and opens the draft again, as after a crash. */
  reopen(): Promise<OpenInterview>
}

/** A new interview of the household survey on the fake phone, without a screen. */
export async function startInterview(settings: Readonly<Record<string, string | number>> = {}): Promise<OpenInterview> {
  const round = { settings: { ...fakeRound.settings, ...settings } }
  const phone = createFakePhone({ questionnaire, clock: noon, round })
  return opened(phone, await phone.startDraft({ area: '0402109001', practice: false }), round)
}

/** The interview of a draft, without a screen. */
export function openInterview(draft: Draft, settings: Readonly<Record<string, string | number>> = {}): OpenInterview {
  const round = { settings: { ...fakeRound.settings, ...settings } }
  return opened(createFakePhone({ questionnaire, clock: noon, round }), draft, round)
}

function opened(phone: FakePhone, draft: Draft, round: { settings: typeof fakeRound.settings }): OpenInterview {
  let ids = 0
  const session = openSession(questionnaire, { ...fakeRound, ...round }, draft, noon().getTime())
  return {
    phone,
    conduct: conduct(session, {
      saveDraft: (each) => phone.saveDraft(each),
      clock: noon,
      newRowId: () => {
        ids += 1
        return `row-${ids}`
      },
    }),
    reopen: async () => opened(phone, await phone.openDraft(draft.id), round),
  }
}

export { answerArea }
