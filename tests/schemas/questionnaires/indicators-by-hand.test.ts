import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import type { Answer, Answers, Row } from '../../../schemas/interview/answers.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { addHomes, openVillage, round } from '../../aggregator/indicators/village.ts'
import { village } from './hand-worked-village.ts'
import { compiled, derived, formOf, interview, questionsOf, rowsOf } from './household.ts'

const settings = { ask_module_l: 1, certified: 1, ask_legal_status: 1, poverty_line: 20_000, food_line: 14_000 }
let interviews: readonly Answers[]
let tables: ReadonlyMap<string, WorkingTable>
let close: () => void

beforeAll(async () => {
  const questionnaire = await compiled('household')
  const form = formOf(questionnaire, settings)
  interviews = village.map(({ people, home }) => form.prune(interview(form, people, home)).answers)
  const opened = await openVillage()
  close = () => opened.close()
  await addHomes(
    opened.connection,
    interviews.map((answers) => ({
      answers: columnsOf(questionnaire, answers),
      people: rowsOf(answers).map((row) => columnsOf(questionnaire, row)),
    })),
  )
  const indicators = await loadDefinitions()
  const found = await tabulate(opened.connection, { indicators, questionnaire, round, by: [] })
  tables = new Map(found.map((table) => [table.indicator, table]))
}, 60_000)
afterAll(() => close())

/** What the database holds of these answers: no identifiers, and nothing where a number, date or text was not told. */
function columnsOf(questionnaire: Questionnaire, answers: Answers | Row): Readonly<Record<string, Answer | undefined>> {
  const untold: readonly unknown[] = [-98, -99, '98', '99']
  const kept = questionsOf(questionnaire.items).filter(({ sensitivity }) => sensitivity !== 'direct identifier')
  return Object.fromEntries(
    kept.flatMap(({ name, list }) => {
      const answer = answers[name] as Answer | undefined
      return answer === undefined || (list === undefined && untold.includes(answer)) ? [] : [[name, answer]]
    }),
  )
}

type Worked = readonly [cases: number, respondents: number, withoutAnswer: number, who: string]

/** Cases of respondents, and who was asked without an answer that can be used. Letters are the people, numbers the homes. */
const shares: Readonly<Record<string, Worked>> = {
  MIG01: [1, 12, 0, 'G of the twelve who live here: A C D, E F, G H I, J, M O P'],
  MIG02: [2, 12, 0, 'G and I'],
  MIG03: [2, 12, 0, 'E and O'],
  MIG04: [3, 5, 0, 'homes 1 (B), 4 (L), 5 (N)'],
  MIG05: [3, 16, 0, 'B L N of all'],
  MIG06: [1, 10, 0, 'J; D and I are under 5'],
  MIG07: [1, 11, 0, 'O; I is under 1'],
  MIG09: [1, 4, 0, 'J of E G J O'],
  MIG10: [2, 6, 0, 'O and P of C D F I O P'],
  MIG11: [1, 6, 0, 'P'],
  REC03: [2, 3, 0, 'B (2 months of pay) and E (1.5) of B E N'],
  REC04: [2, 3, 0, 'B and E'],
  REC05: [1, 3, 0, 'B'],
  REC06: [1, 2, 1, 'E of B E; N is not known'],
  REC07: [2, 3, 0, 'B and E'],
  REC08: [1, 3, 0, 'E'],
  REC09: [2, 2, 0, 'E and N'],
  RET01: [1, 2, 0, 'E of E O'],
  RET02: [1, 2, 0, 'O'],
  RET03: [1, 1, 0, 'E'],
  RET04: [1, 2, 0, 'E'],
  RET05: [0, 1, 0, 'E looks for work'],
  RET06: [1, 1, 0, 'E'],
  RET07: [1, 1, 0, 'E'],
  RET08: [1, 1, 0, 'O'],
  DOC01: [1, 2, 0, 'I of D I'],
  DOC02: [9, 11, 1, 'all but D and I; J prefers not to say'],
  DOC03: [1, 12, 0, 'I'],
  DOC04: [2, 3, 0, 'B (employer) and E (agent)'],
  DOC05: [5, 10, 2, 'D E G I M; J and P without'],
  DOC06: [1, 1, 0, 'G; I is a child'],
  INF01: [2, 4, 1, 'A and G of A E G J; M without'],
  INF02: [1, 4, 1, 'E; M without'],
  INF03: [2, 4, 1, 'A and M; J without'],
  INF04: [3, 5, 0, 'E J M'],
  INF05: [2, 4, 1, 'A and M; G does not know'],
  SRV01: [3, 4, 1, 'E G J; M without'],
  CMP01: [1, 2, 0, 'G of E G'],
  CMP03: [1, 1, 0, 'G'],
  CMP04: [1, 1, 0, 'E'],
  UNI01: [1, 4, 1, 'G; M does not know'],
  DIS01: [2, 4, 1, 'E and M; J without'],
  DIS02: [1, 2, 0, 'E; M says disability'],
  TIP01: [1, 1, 0, 'E'],
  DET01: [1, 2, 0, 'E of E G'],
  CRM01: [2, 4, 1, 'E and G; M without'],
  MIS01: [2, 16, 0, 'K, and L who never wrote'],
  LAB01: [1, 5, 0, 'E of A E G H J; F and M are outside'],
  LAB02: [1, 4, 0, 'H of A G H J'],
  LAB03: [1, 2, 0, 'H of A H'],
  LAB04: [0, 1, 0, 'H has none'],
  LAB05: [1, 4, 0, 'G'],
  REM01: [2, 4, 1, 'homes 1 and 5; 3 without'],
  REM03: [1, 2, 0, 'home 1'],
  SOC01: [2, 4, 1, 'homes 2 and 3; 5 without'],
  HLT01: [3, 11, 1, 'D G M; F is not known'],
  HLT02: [1, 2, 1, 'G of D G; M without'],
  HLT03: [6, 10, 2, 'A C G H J M; F and P without'],
  HLT04: [2, 4, 1, 'E and M of A E G M; J without; H did not answer for herself'],
  DSB01: [2, 9, 1, 'E and M; H is open in one domain'],
  EDU01: [2, 4, 0, 'F and P of C F O P'],
  EDU02: [1, 3, 0, 'P of C O P'],
  EDU03: [1, 1, 0, 'F'],
  EDU04: [6, 7, 1, 'all of A C E F G J, not H; M is not known'],
  CBM01: [2, 5, 0, 'homes 2 and 4'],
  CBM02: [2, 4, 1, 'homes 2 and 5; 4 without'],
  CBM03: [2, 4, 1, 'homes 2 and 4; 5 without'],
  CBM04: [2, 4, 1, 'homes 2 and 4; 5 without'],
  CBM05: [2, 4, 1, 'home 2: 18,000 x 2 / 2 = 18,000; home 5: 15,000 x 2 / 3 = 10,000; home 3 without'],
  CBM06: [1, 4, 1, 'home 5'],
  CBM07: [1, 4, 1, 'home 2; 3 without'],
  CBM10: [1, 2, 0, 'D of D I'],
  HOU01: [0, 4, 0, 'home 1 has just 3 people in one room; home 5 has no sleeping room'],
  CLI02: [1, 1, 0, 'home 2'],
  CLI03: [1, 3, 2, 'home 2 of 1 2 4; 3 and 5 without'],
  CLI04: [1, 2, 1, 'home 1 of 1 2; 5 without'],
  QUA03: [4, 5, 0, 'all but home 4'],
  QUA05: [7, 12, 0, 'C D F H I O P'],
}

/** Value, respondents and those without an answer of the figures that are not shares of people or homes. */
const others: Readonly<Record<string, readonly [value: number, respondents: number, withoutAnswer: number, how: string]>> = {
  POP01: [12, 12, 0, 'B L N are abroad, K is missing'],
  REC01: [3.5 / 3, 3, 0, '(2 + 1.5 + 0) / 3'],
  REC02: [1.5, 3, 0, 'the middle of 0, 1.5, 2'],
  CMP02: [100, 1, 0, 'G alone'],
  REM02: [1, 2, 0, '(200 / 10,000 + 0 / 5,000) / 2 in percent'],
  CBM08: [100 / 3, 5, 0, 'one death; D and I live'],
  CBM09: [100 / 3, 4, 1, 'one death; A and H live; home 2 is not known'],
  CBM11: [13 / 5, 5, 0, '0 + 7 + 0 + 3 + 3'],
  CLI01: [250, 3, 2, 'two of home 2 among 3 + 2 + 3; homes 4 and 5 are not known'],
}

const perOf: Readonly<Record<string, number>> = { MIG03: 1000, DOC03: 1000, MIS01: 1000, LAB05: 1000 }

function onlyCell(id: string): WorkingCell | undefined {
  const table = tables.get(id)
  expect(table?.dimensions, id).toEqual([])
  return table?.cells[0]
}

describe('the hand-worked village', () => {
  it('has the migration status of each of its sixteen people', () => {
    const statuses = interviews.map((answers) => rowsOf(answers).map((_, index) => derived(answers, 'migration_status', index + 1)))
    expect(statuses).toEqual([
      ['NON', 'ABROAD', 'NON', 'NON'],
      ['RETURN', 'IDP'],
      ['FOREIGN', 'NON', 'FOREIGN'],
      ['IDP', undefined, 'ABROAD'],
      ['NON', 'ABROAD', 'RETURN', 'NON'],
      [],
    ])
  })

  it('works every indicator that answers feed', () => {
    const worked = [...Object.keys(shares), ...Object.keys(others), 'MIG08']
    expect(new Set(worked)).toEqual(new Set(tables.keys()))
  })

  it.each(Object.entries(shares))('%s', (id, [cases, respondents, withoutAnswer, who]) => {
    expect(onlyCell(id), who).toMatchObject({ cases, respondents, withoutAnswer })
    expect(onlyCell(id)?.value, who).toBeCloseTo((cases / respondents) * (perOf[id] ?? 100), 9)
  })

  it.each(Object.entries(others))('%s', (id, [value, respondents, withoutAnswer, how]) => {
    expect(onlyCell(id), how).toMatchObject({ respondents, withoutAnswer })
    expect(onlyCell(id)?.value, how).toBeCloseTo(value, 9)
  })

  it('MIG08: four people, four reasons', () => {
    const { dimensions, cells } = tables.get('MIG08') ?? { dimensions: [], cells: [] }
    const codes = cells
      .filter(({ nodes, cases }) => nodes[0] !== 0 && cases > 0)
      .map(({ nodes, cases }) => [dimensions[0]?.nodes[nodes[0] ?? 0]?.code, cases])
    expect(Object.fromEntries(codes)).toEqual({ '01': 1, '05': 1, '07': 1, '12': 1 })
  })
})
