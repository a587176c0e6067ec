import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMarks } from '../../../aggregator/custody/marks.ts'
import { createPseudonymizer } from '../../../aggregator/ingest/pseudonymize.ts'
import { createWorkshop } from '../../../aggregator/ingest/workshop.ts'
import { type Field, openField } from './field.ts'
import { homeRound, homeSurvey } from './home-survey.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
})
afterEach(() => field.close())

const jobsOf = (first: number) =>
  Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const record = await field.seal({ number: first + at })
      const rev = `1-${'0'.repeat(32)}`
      return { id: record._id, rev, document: { ...record, _rev: rev }, root: record._id, refused: false }
    }),
  )

// A batch is made again when one of its interviews was withdrawn meanwhile, while the one after it is being opened.
it('two batches that are asked for at the same time each get their own records back', async () => {
  const { keys, warehouse } = field
  const marks = createMarks(keys)
  const workshop = createWorkshop(
    {
      keys,
      warehouse,
      marks,
      pseudonymizer: createPseudonymizer(keys, warehouse),
      questionnaires: { find: async () => homeSurvey },
      rounds: { find: async () => homeRound },
    },
    1,
  )
  const [one, other] = [await jobsOf(1), await jobsOf(101)]
  await workshop.prepare(one)
  const heaps = await Promise.all([workshop.prepare(one), workshop.prepare(other)])
  const codes = heaps.map(({ outcomes }) => outcomes.map(({ verdict }) => verdict.withdrawalCode))
  const given = (first: number) => Array.from({ length: 100 }, (_, at) => marks.ofCode(`CODE-${first + at}`))
  expect(codes).toEqual([given(1), given(101)])
  await workshop.close()
})
