import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { areaLists, questionnaire, round, samples } from '../../../bench/ingest/made-up.ts'
import { type Recomputation, recomputeRound } from '../../../aggregator/custodian/recompute.ts'
import { staleRules, whatIsMissing } from '../../../aggregator/ingest/derived-rules.ts'
import type { Ingest } from '../../../aggregator/ingest/ingest.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Identity, Interview } from '../../../schemas/interview/interview.ts'
import { splitIdentity } from '../../../schemas/interview/split-identity.ts'
import type { Expression } from '../../../schemas/language/expression.ts'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { steps, walk } from '../../schemas/interview/random-paths.ts'
import { type Field, openField, recordId } from './field.ts'
import { versionOf } from './home-survey.ts'

/** The survey with some of its questions changed, as another version. */
function survey(version: string, change: (question: Question) => Partial<Question>): Questionnaire {
  const changed = (items: readonly Item[]): readonly Item[] =>
    items.map((item) => (item.kind === 'question' ? { ...item, ...change(item) } : { ...item, items: changed(item.items) }))
  return versionOf({ ...questionnaire, version, items: changed(questionnaire.items) })
}
const rule = (name: string, calculation: (was: Expression) => Expression) => (question: Question) =>
  question.name === name && question.calculation !== undefined ? { calculation: calculation(question.calculation) } : {}

const first = survey('1', () => ({}))
const wherever = {
  ...round,
  questionnaire: { id: first.id, version: first.version, sha256: first.sha256 },
  settings: { home_country: 'PHL', poverty_line: 34_200, food_line: 23_900 },
}
/** What was not known is told as no, everywhere: what a don't know, a prefer not to say and a question not asked give must all be seen. */
const emptyIsNo = survey('2', ({ calculation, valueType }) =>
  calculation === undefined || valueType === undefined || valueType === 'code' ? {} : { calculation: ['call', 'coalesce', calculation, 0] },
)
/** One rule that many others read: migration status among them. */
const earlierReturn = survey(
  '3',
  rule('returnee_5y', (was) => ['call', 'if', ['op', '>', ['ref', 'age'], 40], 1, was]),
)
/** A derived variable that reads a name, and one with codes that tables of the first version do not know. */
const byName = survey(
  '4',
  rule('employed', (was) => ['call', 'if', ['op', '=', ['ref', 'B01'], ['str', '']], 0, was]),
)
const newCodes = survey('5', ({ name }) => (name === 'sex_of_head' ? { list: Object.keys(questionnaire.lists)[0] ?? '' } : {}))
const versions = [first, emptyIsNo, earlierReturn, byName, newCodes]

interface Plain {
  readonly interview: Interview
  readonly identity: Identity
}
let people: readonly Plain[]
beforeAll(() => {
  const made = samples(30)
  const [template] = made as [Plain]
  const paths = fc.sample(fc.tuple(steps, fc.boolean(), fc.constantFrom('1', '1', '1', '0')), { numRuns: 60, seed: 5 })
  const walked = paths.map(([path, pruned, agreed]): Plain => {
    const form = createForm(first, { today: '2026-11-02', now: '2026-11-02T08:00:00+08:00', lists: areaLists, settings: wherever.settings })
    // What does not fit the column of its question is not kept: such a record is held.
    const plain = path.filter(([kind]) => kind !== 'wild')
    const answers = { ...walk(form, plain, ['A03', 'A06']), A07: agreed }
    const { answers: kept, identity } = splitIdentity(first, pruned ? form.prune(answers).answers : answers)
    const { interview } = template
    return {
      interview: { ...interview, answers: kept, consent: { ...interview.consent, purposes: { interview: agreed === '1' } } },
      identity: { ...template.identity, ...identity },
    }
  })
  people = [...made, ...walked].map(({ interview, identity }, at) => ({
    interview: { ...interview, id: recordId(at, 'benchdevice'), device: 'benchdevice', withdrawalCode: `CODE-${at}` },
    identity: { ...identity, id: recordId(at, 'benchdevice'), answers: { ...identity.answers, A02: `home-${at}` } },
  }))
})

const open: Place[] = []
interface Place extends Field {
  readonly taking: Ingest
  recompute(rules: string, dryRun?: boolean): Promise<Recomputation>
}
async function place(): Promise<Place> {
  const field = await openField({ survey: first })
  const find = async ({ version }: { version: string }) => versions.find((each) => each.version === version)
  const taking = field.restart({ questionnaires: { find }, rounds: { find: async () => wherever }, threads: 0 })
  const office = { ...field, round: async () => wherever, questionnaire: find }
  const recompute = (rules: string, dryRun = false) => recomputeRound(office, { round: wherever.id, rules, dryRun })
  const opened = { ...field, taking, recompute }
  open.push(opened)
  return opened
}
afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.taking.stop()
    await each.close()
  }
})

async function takeIn(there: Place, asked: Questionnaire, some: readonly Plain[]): Promise<void> {
  const { id, version, sha256 } = asked
  const server = (['seal-answers', 'seal-identity'] as const).map((purpose) => {
    const { kid, publicJwk = {} } = there.keys.current(purpose)
    return { purpose, kid, jwk: publicJwk }
  })
  const sealer = await createSealer(asked, server)
  const sealed = some.map(({ interview, identity }) => sealer.seal({ ...interview, questionnaire: { id, version, sha256 } }, identity))
  await there.put(...(await Promise.all(sealed)))
  await there.taking.once()
}

/** Everything that stands in the tables, in order; keys and the version that was asked differ from place to place. */
async function content(there: Place): Promise<readonly string[]> {
  const but = 'exclude (household_key, questionnaire_version)'
  const homes = await there.rows(`select * ${but} from household order by record_id`)
  const members = await there.rows(`select * ${but} replace (null as person_key) from household_person order by record_id, row_position`)
  return [...homes, ...members].map((row) => JSON.stringify(row))
}

describe('a round computed again by the rules of another version', () => {
  it.each([
    ['every rule that can be empty', emptyIsNo],
    ['one rule that others read', earlierReturn],
  ])(
    'equals one that was taken in with them: %s',
    async (_, wanted) => {
      const [old, fresh] = [await place(), await place()]
      await takeIn(old, first, people)
      await takeIn(fresh, wanted, people)
      const before = await content(old)
      const { changed } = await old.recompute(wanted.version)
      const [after, expected] = [await content(old), await content(fresh)]
      expect(before.length).toBeGreaterThan(150)
      expect(before).not.toEqual(expected)
      expect(after).toEqual(expected)
      expect(changed.length).toBeGreaterThan(1)
    },
    120_000,
  )

  it('brings records that come later to the same rules, corrections too', async () => {
    const [late, fresh] = [await place(), await place()]
    const [corrected] = people as [Plain]
    const id = recordId(900, 'benchdevice')
    const correction: Plain = {
      interview: { ...corrected.interview, id, kind: 'correction', replaces: corrected.interview.id },
      identity: { ...corrected.identity, id },
    }
    await takeIn(late, first, people.slice(0, 40))
    await late.recompute('3')
    await takeIn(late, first, [...people.slice(40), correction])
    await takeIn(fresh, earlierReturn, [...people, correction])
    expect(await content(late)).toEqual(await content(fresh))
  }, 120_000)

  it('goes back when the rules do', async () => {
    const there = await place()
    await takeIn(there, first, people)
    const before = await content(there)
    await there.recompute('2')
    await there.recompute('1')
    expect(await content(there)).toEqual(before)
    expect(await there.rows('select * from derivation')).toEqual([])
  }, 120_000)

  it('only counts in a dry run', async () => {
    const there = await place()
    await takeIn(there, first, people)
    const before = await content(there)
    const { changed } = await there.recompute('3', true)
    expect(await content(there)).toEqual(before)
    expect(there.audit.head().seq).toBe(0)
    expect((await there.recompute('3')).changed).toEqual(changed)
  }, 120_000)

  it.each([
    ['an answer that decides it is not kept', byName, 'B01 is a direct identifier'],
    ['tables of the round could not name its codes', newCodes, 'sex_of_head has other codes in version 1'],
  ])('is refused where %s, and nothing happens', async (_, { version }, told) => {
    const there = await place()
    await takeIn(there, first, people.slice(0, 5))
    await expect(there.recompute(version)).rejects.toThrow(told)
    expect(await there.rows('select * from derivation')).toEqual([])
    expect(there.audit.head().seq).toBe(0)
  })

  it('stands in the audit chain once, however often it is asked for', async () => {
    const there = await place()
    await takeIn(there, first, people.slice(0, 5))
    await there.recompute('3')
    expect(await there.recompute('3')).toMatchObject({ before: [], changed: [] })
    expect(there.audit.head().seq).toBe(1)
  })
})

describe('what is kept', () => {
  const missing = (asked: Questionnaire, wanted: Questionnaire) => whatIsMissing(asked, wanted, staleRules(asked, wanted))

  it('decides every derived variable of the survey', () => {
    expect(missing(first, emptyIsNo)).toEqual([])
    expect(staleRules(first, emptyIsNo).variables.size).toBeGreaterThan(30)
  })

  it('is asked for nothing when only words changed', () => {
    const reworded = survey('4', ({ label }) => (label === undefined ? {} : { label: { ...label, en: 'Other words' } }))
    expect(staleRules(first, reworded).variables.size).toBe(0)
  })

  it('reaches what reads the changed rule, and nothing else', () => {
    const { variables } = staleRules(first, earlierReturn)
    expect(variables).toContain('migration_status')
    expect(variables).not.toContain('employed')
  })

  it.each([
    ['the time of day', (was: Expression): Expression => ['call', 'if', ['op', '=', ['call', 'now'], ['str', '']], 0, was], 'only its day'],
    ['what was there', (was: Expression): Expression => ['call', 'once', was], 'what was there before'],
  ])('does not decide a rule that reads %s, and that is told', (_, calculation, told) => {
    expect(missing(first, survey('5', rule('employed', calculation))).join(' ')).toContain(told)
  })

  it('does not decide a rule on a question that was not asked, or asked otherwise', () => {
    const unasked = survey('5', ({ name }) =>
      name === 'B05' ? { missing: ['98'] } : name === 'age' ? { calculation: ['ref', 'B05'] } : {},
    )
    expect(missing(first, unasked).join(' ')).toContain('B05 is another question in version 1.')
  })
})
