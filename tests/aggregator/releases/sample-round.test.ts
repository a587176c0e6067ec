import { expect, it } from 'vitest'
import type { Office } from '../../../aggregator/open-office.ts'
import { releaseMaterials } from '../../../aggregator/release-now.ts'
import { householdQuestionnaire, round } from '../indicators/village.ts'

it('never releases a round that was drawn as a sample: weights undo what counts of respondents decide', async () => {
  // What is refused before anything else of the office is touched needs no more of it.
  const office = {
    round: async () => round,
    questionnaire: householdQuestionnaire,
    design: async () => ({ schema: 'sample-design/1', round: round.id, kind: 'sample', areas: {}, nonresponse: 'none' }),
  } as unknown as Office
  await expect(releaseMaterials(office)).rejects.toThrow('cannot be protected yet')
})
