import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Questionnaire } from '../../../../schemas/questionnaire.ts'
import { deskColumns, openConsole } from '../../../../aggregator/portal/desk/console.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

let house: TestOffice
let questionnaire: Questionnaire
let round = ''
const ask = (text: string, areas: readonly string[] | null = null, seconds?: number) =>
  openConsole(house.office.warehouse, seconds).run(text, { questionnaire, round, areas })
const refusal = async (text: string) => {
  const error: unknown = await ask(text).catch((each: unknown) => each)
  expect(error).toMatchObject({ type: 'query-refused' })
  return (error as { detail: string }).detail
}

beforeAll(async () => {
  house = await openTestOffice()
  const current = await house.office.round()
  round = current.id
  const found = await house.office.questionnaire(current.questionnaire)
  if (!found) throw new TypeError('The survey is published.')
  questionnaire = found
  // Two villages: 8 women aged 20 to 27 and 4 men aged 40 in one, 2 women aged 60 in the other; another round that must not be seen.
  await house.office.warehouse.write(async (connection) => {
    for (const [area, sex, age, people, inRound] of [
      ['village-1', 'f', 20, 8, round],
      ['village-1', 'm', 40, 4, round],
      ['village-2', 'f', 60, 2, round],
      ['village-1', 'f', 33, 9, 'another'],
    ] as const)
      await connection.run(
        `insert into household_person (record_id, household_key, round, area, person_key, row_position, B03, age)
         select 'r' || $area || $age || i, uuid(), $round, $area, uuid(), 1, $sex, $age + case when $age = 20 then i else 0 end from range($people) t(i)`,
        { area, sex, age, people, round: inRound },
      )
  })
})
afterAll(() => house.remove())

describe('the console', () => {
  it('counts people of the round', async () => {
    expect(await ask('select B03 as sex, count(*) as people, avg(age) as mean_age from people group by B03 order by B03')).toMatchObject({
      columns: ['sex', 'people', 'mean_age'],
      rows: [
        ['f', '10', '30.8'],
        ['m', '4', '40'],
      ],
      cut: false,
    })
  })

  it('leaves out totals over fewer than three rows', async () => {
    expect((await ask('select area, count(*) from people group by area')).rows).toEqual([['village-1', '12']])
    expect((await ask('select count(*) from people where age = 60')).rows).toEqual([])
  })

  it('keeps a HAVING of its own beside that floor', async () => {
    expect((await ask('select B03, count(*) from people group by B03 having count(*) > 5')).rows).toEqual([['f', '10']])
  })

  it('sees only the areas of the person who asks', async () => {
    expect((await ask('select count(*) from people', ['village-1'])).rows).toEqual([['12']])
    expect((await ask('select count(*) from people', [])).rows).toEqual([])
  })

  it('understands WITH, joins, subqueries and arithmetic of totals', async () => {
    const text = `with adults as (select * from people where age >= 18)
      select 100.0 * sum(case when a.B03 = 'f' then 1 else 0 end) / count(*) as percent
      from adults a join (select distinct home from people) h on h.home = a.home`
    expect((await ask(text)).rows).toEqual([['71.42857142857143']])
  })

  it('stops what takes too long', async () => {
    const endless =
      'select count(*) from people a, people b, people c, people d, people e, people f, people g, people h where a.age + b.age + c.age <> h.age'
    await expect(ask(endless, null, 0.2)).rejects.toMatchObject({ type: 'query-refused', detail: expect.stringContaining('stopped') })
  })
})

describe('the console refuses', () => {
  it.each([
    ['single people', 'select * from people limit 1'],
    ['single people, one column', 'select age from people'],
    ['single people behind a total', 'select B03, count(*) from people'],
    ['single people by QUALIFY', 'select B03, count(*) from people group by B03 qualify row_number() over () = 1'],
    ['lists of values', 'select list(age) from people'],
    ['any value', 'select any_value(age) from people'],
    ['the ledger', 'select count(*) from ledger'],
    ['the vault', 'select count(*) from vault'],
    ['tokens of linking', 'select count(*) from main.link_token'],
    ['the tables behind the views', 'select count(*) from current_household_person'],
    ['another catalog', 'select count(*) from tala.main.people'],
    ['the catalog', 'select count(*) from information_schema.tables'],
    ['catalog functions', 'select count(*) from duckdb_tables()'],
    ['files', "select count(*) from read_csv('/etc/passwd')"],
    ['files by name', "select count(*) from '/etc/passwd'"],
    ['files inside a subquery', "select count(*) from people where age in (select 1 from read_text('/etc/passwd'))"],
    ['files inside an expression', "select count((select content from read_text('/etc/passwd'))) from people"],
    ['queries as text', "select count(*) from query('select 1 from vault')"],
    ['the environment', "select max(getenv('HOME')) from people"],
    ['settings', "select max(current_setting('allowed_directories')) from people"],
    ['writing', 'delete from people'],
    ['writing out', "copy (select 1) to '/tmp/x'"],
    ['attaching', "attach '/tmp/x' as x"],
    ['settings to change', "set memory_limit = '1TB'"],
    ['two statements', 'select count(*) from people; select count(*) from people'],
    ['summaries of columns', 'summarize people'],
    ['a name hidden by WITH', 'with people as (select * from vault) select count(*) from people'],
    ['a union that brings rows', 'select count(*) from people union all select age from people'],
    ['nothing', ''],
    ['what is no SQL', 'who is Amina'],
  ])('%s', async (_title, text) => {
    expect((await refusal(text)).length).toBeGreaterThan(10)
  })

  it('columns that are not of the views: keys, days, sensitive answers, typed text', async () => {
    expect(await refusal('select count(person_key) from people')).toContain('person_key')
    const { homes, people } = deskColumns(questionnaire)
    const shown = new Set([...homes, ...people].map(({ name }) => name))
    expect(['record_id', 'household_key', 'person_key', 'finished', 'round'].filter((name) => shown.has(name))).toEqual([])
    expect([...homes, ...people].filter(({ question }) => question?.sensitivity === 'sensitive')).toEqual([])
    expect(shown.size).toBeGreaterThan(60)
  })

  it('without quoting a value of the data', async () => {
    expect(await refusal('select sum(B03::integer) from people')).not.toMatch(/'[fm]'/)
  })
})
