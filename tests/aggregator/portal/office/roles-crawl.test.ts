import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles } from '../../../../aggregator/accounts/role.ts'
import { visitAs, type Visitor } from '../../../support/office-visitor.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'
import { numbersTold, publishPay } from '../../../support/withheld-pay.ts'

const desk = ['/office/desk', '/office/desk/table', '/office/desk/definitions', '/office/desk/query', '/office/desk/notebook']
const reports = ['/office/releases/2026-r1', '/office/releases/2026-r1/report']
/** What each role reaches of the office; the first page, the check of surveys and the list of its own agreements are everybody's. */
const reaches: Readonly<Record<Role, readonly string[]>> = {
  enumerator: [],
  supervisor: ['/office/fieldwork', '/office/fieldwork/quality'],
  statistician: [...desk, '/office/desk/plan', ...reports],
  custodian: ['/office/desk/plan', '/office/audit', ...reports],
  reader: [],
  administrator: ['/office/people'],
}
const everybody = ['/office', '/office/check', '/office/agreements']
const doors = [...new Set([...everybody, ...Object.values(reaches).flat()])]
/** Fees of families in two villages: nobody but the desk may see what they come to. */
const fees = [73_519_246, 58_204_619]

interface Seen {
  readonly path: string
  readonly status: number
  readonly all: string
}

/** Follows every link, and every form that only asks with each of its choices, from the doors of the office. */
async function walk(someone: Visitor): Promise<readonly Seen[]> {
  const queue = [...doors, '/office/desk/table?indicator=REM02&by=REF_AREA&format=csv']
  const known = new Set(queue)
  const seen: Seen[] = []
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const { status, text, head } = await someone.get(path)
    seen.push({ path, status, all: `${path}\n${head}\n${text}` })
    for (const next of addressesOf(text, path)) {
      // What lies outside the office knows no session: the crawl of the public walks it.
      if (!next.startsWith('/office') || known.has(next)) continue
      known.add(next)
      queue.push(next)
    }
  }
  return seen
}

function addressesOf(page: string, path: string): readonly string[] {
  const links = [...page.matchAll(/href="([^"#]*)/g)].map(([, link = '']) => link.replaceAll('&amp;', '&').replaceAll('&#38;', '&'))
  const asked = [...page.matchAll(/<form(?![^>]*method="post")([^>]*)>(.*?)<\/form>/gs)].flatMap(([, head = '', body = '']) => {
    const action = /action="([^"]*)"/.exec(head)?.[1] ?? path.split('?')[0] ?? path
    const choices = [...body.matchAll(/<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs)].flatMap(([, name = '', options = '']) =>
      [...options.matchAll(/<option[^>]*value="([^"]*)"/g)].map(([, value = '']) => `${name}=${encodeURIComponent(value)}`),
    )
    const boxes = [...body.matchAll(/type="checkbox"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => `${name}=${encodeURIComponent(value)}`,
    )
    return [action, ...[...choices, ...boxes].map((each) => `${action}?${each}`)]
  })
  return [...links, ...asked]
}

let house: TestOffice
let withheld: ReadonlySet<string>
const walks = new Map<Role, readonly Seen[]>()
beforeAll(async () => {
  house = await openTestOffice()
  const made = await publishPay(house.office)
  withheld = new Set([...made.withheld, ...fees.map(String), String((fees[0] ?? 0) / 2 + (fees[1] ?? 0) / 2)])
  const round = await house.office.round()
  const villages = round.areas.filter(({ level }) => level === 'barangay').map(({ code }) => code)
  await house.office.warehouse.write(async (connection) => {
    for (const [index, fee] of fees.entries())
      await connection.run(
        `insert into household (record_id, household_key, round, area, M01, M04_amount, M04_fee)
         select 'r' || $area, md5($area)::uuid, $round, $area, '1', 100, $fee`,
        { area: villages[index] ?? '', round: round.id, fee },
      )
  })
  for (const role of roles) walks.set(role, await walk(await visitAs(house, { login: `a-${role}`, roles: [role] })))
}, 120_000)
afterAll(() => house.remove())

const told = (role: Role) =>
  (walks.get(role) ?? []).flatMap(({ path, all }) => numbersTold(Buffer.from(all), withheld).map((each) => `${path}: ${each}`))

describe.each(roles)('the office for the role %s', (role) => {
  it('opens the pages of the role and no others', () => {
    // A report that nobody has written yet is missing to those who may read it, and refused to everybody else.
    const statuses = (walks.get(role) ?? []).filter(({ path }) => doors.includes(path))
    const opened = statuses.filter(({ status }) => [200, 404].includes(status)).map(({ path }) => path)
    expect(statuses.filter(({ status }) => ![200, 404, 403].includes(status))).toEqual([])
    expect(opened.toSorted()).toEqual([...everybody, ...reaches[role]].toSorted())
  })

  it('links to nothing that it then refuses, and fails nowhere', () => {
    const refused = (walks.get(role) ?? []).filter(
      ({ path, status }) => status >= 400 && !doors.includes(path) && !path.includes('format='),
    )
    expect(refused.map(({ path, status }) => `${status} ${path}`)).toEqual([])
  })
})

describe.each(roles.filter((each) => each !== 'statistician'))('what the role %s sees', (role) => {
  it('holds no unreleased figure: in no page, header or error', () => {
    expect(told(role)).toEqual([])
  })
})

describe('the desk of the statistician', () => {
  it('does tell them: the walk would see one', () => {
    expect(told('statistician').join('\n')).toMatch(/73519246/)
  })
})
