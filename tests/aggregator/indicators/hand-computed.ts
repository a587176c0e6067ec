/**
 * Eight people (or homes) for every indicator, worked out by hand. One token per unit, `.` is no answer, `+` joins codes.
 * People live here unless B06 says otherwise; the eighth of `here` lives abroad, of `workers`, `returnees`, `adults` and `homes` is none.
 */
export interface HandComputed {
  readonly group: 'here' | 'people' | 'workers' | 'returnees' | 'adults' | 'homes'
  readonly answers: Readonly<Record<string, string>>
  /** Respondents, cases, without answer. */
  readonly counts: readonly [number, number, number]
  readonly value: number
}

const worked = (
  group: HandComputed['group'],
  answers: HandComputed['answers'],
  counts: HandComputed['counts'],
  value: number,
): HandComputed => ({ group, answers, counts, value })

export const handComputed: Readonly<Record<string, HandComputed>> = {
  // Two of four whose country is known were born abroad; three of seven did not say.
  MIG01: worked('here', { C01: 'PHL PHL SAU XXA 98 99 . SAU' }, [4, 2, 3], 50),
  MIG02: worked('here', { C02: 'PHL SAU XXA PHL PHL 99 . SAU', foreign_citizen: '0 1 1 0 0 . . 1' }, [5, 2, 2], 40),
  MIG03: worked('here', { returnee_5y: '1 0 0 0 1 0 . 1' }, [7, 2, 0], 2000 / 7),
  MIG05: worked('people', { B06: '1 1 1 2 3 3 98 .' }, [6, 2, 1], 100 / 3),
  MIG06: worked('here', { age: '4 5 6 40 40 40 40 40', C04: '2 2 1 3 98 . 2 2' }, [4, 2, 2], 50),
  MIG07: worked('here', { age: '0 1 2 40 40 40 40 40', C05: '3 3 1 2 99 . 3 3' }, [4, 2, 2], 50),
  // The whole of a distribution is everybody who gave a reason.
  MIG08: worked('people', { C04: '2 3 1 1 2 2 1 2', C08: '. . SAU . . . . .', C12: '06 12 13 01 98 . 07 01' }, [4, 4, 2], 100),
  MIG09: worked('people', { C04: '2 3 1 1 2 2 1 2', C08: '. . SAU . . . . .', C12: '06 12 13 01 98 . 07 01' }, [4, 2, 2], 50),
  MIG10: worked('here', { age: '5 17 18 3 4 6 7 8', B10: '4 6 4 1 99 . 5 4' }, [4, 3, 2], 75),
  MIG11: worked('here', { age: '5 17 18 3 4 6 7 8', B10: '4 6 4 1 99 . 5 4' }, [4, 2, 2], 50),
  MIS01: worked('people', { B06: '1 2 3 3 3 4 99 .', J01: '. . 4 5 1 . . .' }, [6, 3, 1], 500),
  POP01: worked('people', { B06: '1 1 2 3 4 1 . 99' }, [3, 3, 0], 3),
  QUA05: worked('here', { B11: '1 2 2 1 1 . 2 2' }, [6, 3, 1], 50),
  DOC01: worked('here', { age: '0 4 5 3 2 1 4 2', D01: '1 2 1 0 99 . 3 1' }, [4, 3, 2], 75),
  DOC02: worked('here', { D02: '1 2+5 0 99 . 0 9 1' }, [5, 3, 2], 60),
  DOC03: worked('here', { stateless_risk: '1 0 0 0 . 1 0 1' }, [6, 2, 1], 1000 / 3),
  DOC04: worked('workers', { D04: '3 4 1 2 98 . 1 3' }, [5, 2, 2], 40),
  DOC05: worked('here', { D03: '0 1 96+2 98 . 0 8 1' }, [5, 3, 2], 60),
  DOC06: worked(
    'here',
    { foreign_citizen: '1 1 1 0 1 1 1 1', age: '30 18 17 30 30 30 30 30', D05: '1 4 4 4 5 98 . 5' },
    [3, 2, 2],
    200 / 3,
  ),
  DSB01: worked('here', { age: '4 5 6 50 60 70 80 80', disability: '1 1 0 0 . 0 1 1' }, [5, 2, 1], 40),
  EDU01: worked('here', { age: '5 6 17 18 10 11 12 10', E02: '0 0 1 0 0 99 . 0' }, [3, 2, 2], 200 / 3),
  EDU02: worked('people', { age: '5 6 7 8 11 12 9 10', E02: '1 1 1 0 1 0 1 99', E03: '1 1 2 . 98 . . .' }, [3, 2, 3], 200 / 3),
  EDU03: worked('people', { age: '11 12 13 14 17 18 15 16', E02: '0 1 1 0 1 0 1 99', E03: '. 2 1 . 3 . 99 .' }, [4, 2, 2], 50),
  EDU04: worked('here', { age: '9 10 20 30 40 50 60 70', E01: '1 1 0 1 98 . 2 1' }, [4, 2, 2], 50),
  HLT01: worked('here', { F07: '1 0 0 98 . 1 0 1' }, [5, 2, 2], 40),
  HLT02: worked('here', { F07: '1 1 1 1 0 1 . 1', F08: '5 6 1 98 5 . 5 5' }, [3, 2, 2], 200 / 3),
  HLT03: worked('here', { F09: '1 0 2+4 98 . 3 0 1' }, [5, 3, 2], 60),
  HLT04: worked(
    'people',
    { age: '17 18 30 30 30 30 30 30', B06: '1 1 1 1 1 1 1 3', B11: '1 1 1 2 1 1 1 1', F11: '3 3 4 4 1 99 . 3' },
    [3, 2, 2],
    200 / 3,
  ),
  LAB01: worked('here', { age: '14 15 30 30 30 30 30 30', labour_force: '1 1 1 1 0 . 1 1', unemployed: '1 1 0 0 0 . 1 1' }, [4, 2, 1], 50),
  LAB02: worked('here', { employed: '1 1 1 1 0 1 . 1', informal_job: '1 0 1 0 1 . 1 1' }, [4, 2, 1], 50),
  LAB03: worked('here', { B03: 'F F M F F F F F', employed: '1 1 1 1 1 1 0 1', G07: '6 1 6 6 99 . 6 6' }, [3, 2, 2], 200 / 3),
  LAB04: worked(
    'here',
    { employed: '1 1 1 1 1 1 0 1', G07: '6 6 6 1 6 6 6 6', G06: 'A D B A F A A A', G08: '1 0 1 1 1 98 1 1' },
    [3, 2, 1],
    200 / 3,
  ),
  LAB05: worked('here', { employed: '1 1 1 1 0 1 1 1', G09: '1 0 0 99 1 . 0 1' }, [4, 1, 2], 250),
  CBM10: worked('here', { age: '0 5 6 1 2 3 4 5', F10: '1 2 2 3 98 . 4 2' }, [4, 2, 2], 50),
  // (1 + 2 + 6 + 3) / 4 = 3 months; between 2 and 6 of 1, 2, 6, 8 lies 4.
  REC01: worked('workers', { rci: '1 2 6 . . 3 . 9' }, [4, 4, 3], 3),
  REC02: worked('workers', { rci: '1 2 6 . . 8 . 9' }, [4, 4, 3], 4),
  REC03: worked('workers', { rci: '0.5 1 1.5 3 2 . . 4' }, [5, 3, 2], 60),
  REC04: worked('workers', { H06: '01 01+02 02 98 . 01 01 01', H06_01: '100 0 . . . . 50 50' }, [4, 2, 3], 50),
  REC05: worked('workers', { H04: '1 0 2 1 98 99 . 1' }, [4, 2, 3], 50),
  REC06: worked('workers', { H05: '3 1 2 3 98 99 . 3' }, [4, 2, 3], 50),
  REC07: worked('workers', { H08: '1 0 0 0 98 . 1 1' }, [5, 2, 2], 40),
  REC08: worked('workers', { H03: '2 1 3 4 99 . 2 2' }, [5, 2, 2], 40),
  REC09: worked('workers', { B03: 'F F M F F F F F', H10: '1 2 1 1 98 . 3 1' }, [4, 2, 2], 50),
  RET01: worked('returnees', { I04: '0 1 0 2 98 . 1 0' }, [5, 2, 2], 40),
  RET02: worked('returnees', { I05: '01 00 02+11 98 . 96 00 01' }, [5, 3, 2], 60),
  RET03: worked('returnees', { worked_abroad_36m: '1 1 1 0 1 1 1 1', I03: '0 1 0 0 98 . 1 0' }, [4, 2, 2], 50),
  RET04: worked('returnees', { I02: '1 2 3 4 98 . 1 2' }, [5, 2, 2], 40),
  RET05: worked('returnees', { age: '14 15 30 30 30 30 30 30', employed: '1 1 0 1 . 0 . 1' }, [4, 2, 2], 50),
  RET06: worked('returnees', { age: '14 15 30 30 30 30 30 30', I07: '1 1 0 0 98 . 1 1' }, [4, 2, 2], 50),
  RET07: worked(
    'returnees',
    { B03: 'F F M F F F F F', age: '17 18 30 30 30 30 30 30', B11: '1 1 1 2 1 1 1 1', I08: '1 1 1 1 0 99 . 1' },
    [2, 1, 2],
    50,
  ),
  RET08: worked('returnees', { age: '5 6 17 18 10 10 10 10', E02: '1 1 0 1 99 . 1 1' }, [3, 2, 2], 200 / 3),
  INF01: worked('adults', { K01: '05 01 06+01 98 . 07 02 05' }, [5, 3, 2], 60),
  INF02: worked('adults', { K02: '03 01 03 05 98 . 02 03' }, [5, 2, 2], 40),
  INF03: worked('adults', { K03: '1 0 2 1 98 . 0 1' }, [5, 2, 2], 40),
  INF04: worked('adults', { K04: '1 2 3 0 98 . 1 2' }, [5, 3, 2], 60),
  INF05: worked('adults', { K05: '1 0 0 0 98 . 1 1' }, [5, 2, 2], 40),
  SRV01: worked('adults', { K06: '01 00 08+02 98 . 05 00 01' }, [5, 3, 2], 60),
  CMP01: worked('adults', { K07: '1 1 1 1 0 1 1 1', K08: '02 01 03+01 98 02 . 07 02' }, [4, 3, 2], 75),
  // 3, 10, 20, 30 days and "no answer yet": the middle one is 20.
  CMP02: worked('adults', { K08: '02 03 04 01 05 07 02 02', K10: '3 10 20 5 . 30 9998 1' }, [5, 5, 1], 20),
  CMP03: worked('adults', { K08: '02 03 04 01 05 07 02 02', K11: '1 0 2 1 98 1 . 1' }, [4, 2, 2], 50),
  CMP04: worked('adults', { K07: '1 1 1 1 1 0 1 1', K08: '01 06 02 01 01 01 . 01', K09: '1 2 1 3 98 1 1 1' }, [3, 2, 1], 200 / 3),
  UNI01: worked('adults', { K12: '1 0 0 0 98 . 1 1' }, [5, 2, 2], 40),
  DIS01: worked('adults', { age: '17 30 30 30 30 30 30 30', L01: '1 1 0 0 98 . 1 1' }, [4, 2, 2], 50),
  DIS02: worked('adults', { L01: '1 1 1 1 0 1 1 1', L02: '01 04 03+05 98 01 . 02 01' }, [4, 3, 2], 75),
  TIP01: worked('adults', { worked_abroad_36m: '1 1 1 1 1 1 0 1', L03: '1 0 2+6 0 98 . 1 1' }, [4, 2, 2], 50),
  DET01: worked('adults', { returnee_5y: '1 0 0 1 1 1 1 1', foreign_citizen: '0 1 0 0 0 0 0 0', L04: '1 1 1 0 0 98 . 1' }, [4, 2, 2], 50),
  CRM01: worked('adults', { L05: '1 0 2+3 0 98 . 0 1' }, [5, 2, 2], 40),
  CBM01: worked('homes', { makeshift_house: '1 0 0 1 0 . 0 1' }, [6, 2, 1], 100 / 3),
  CBM02: worked('homes', { N03: '5 7 1 2 98 . 1 5' }, [5, 2, 2], 40),
  CBM03: worked('homes', { N05: '07 01 96 02 98 . 01 07' }, [5, 2, 2], 40),
  CBM04: worked('homes', { N07: '04 01 11 02 98 . 01 04' }, [5, 2, 2], 40),
  CBM05: worked('homes', { poor: '1 0 0 0 . 1 0 1' }, [6, 2, 1], 100 / 3),
  CBM06: worked('homes', { food_poor: '1 0 0 0 . 1 0 1' }, [6, 2, 1], 100 / 3),
  CBM07: worked('homes', { M07: '1 0 0 0 98 . 1 1' }, [5, 2, 2], 40),
  // 3 deaths; 1 + 2 + 0 + 1 + 0 + 3 = 7 living children in homes that answered.
  CBM08: worked('homes', { child_deaths: '1 0 2 . 0 0 0 3', children_under_5: '1 2 0 4 1 0 3 9' }, [6, 2, 1], 30),
  // One death; 2 + 1 + 0 + 3 + 1 = 7 living women in homes that answered.
  CBM09: worked('homes', { M10: '1 0 0 98 . 0 0 1', women_15_49: '2 1 0 5 5 3 1 9' }, [5, 1, 2], 12.5),
  // (0 + 1 + 2 + 7 + 0 + 0 + 4) / 7
  CBM11: worked('homes', { unmet_needs: '0 1 2 7 0 0 4 5' }, [7, 7, 0], 2),
  // 2 + 3 + 1 people of 4 + 5 + 3 + 2 + 1 + 4.
  CLI01: worked('homes', { P02: '1 1 0 0 1 0 1 1', P03: '2 3 . . . . 1 9', count_here: '4 5 3 2 6 1 4 8' }, [6, 3, 1], 6000 / 19),
  CLI02: worked('homes', { P02: '1 1 1 1 0 1 1 1', P04: '0 1 0 98 0 . 1 0' }, [5, 3, 2], 60),
  CLI03: worked('homes', { P06: '1 0 0 0 98 . 1 1' }, [5, 2, 2], 40),
  CLI04: worked('homes', { P01: '1 2+3 0 8 4 5 98 1', P05: '1 0 1 1 98 . 1 1' }, [3, 2, 2], 200 / 3),
  HOU01: worked('homes', { N04: '1 2 1 0 . 3 2 1', count_here: '4 6 3 5 5 10 2 9' }, [5, 2, 1], 40),
  MIG04: worked('homes', { household_with_member_abroad: '1 0 0 1 0 0 0 1' }, [7, 2, 0], 200 / 7),
  QUA03: worked('homes', { A08: '1 0 1 1 . 0 1 1' }, [6, 4, 1], 200 / 3),
  REM01: worked('homes', { M01: '1 0 0 0 98 . 1 1' }, [5, 2, 2], 40),
  // Fees of 5, 10, 10 and 10 percent.
  REM02: worked('homes', { M01: '1 1 1 1 0 1 1 1', M04_amount: '100 200 0 400 100 . 50 10', M04_fee: '5 20 1 . 1 1 5 1' }, [4, 4, 3], 8.75),
  REM03: worked('homes', { M01: '1 1 1 1 0 1 1 1', M03: '1 5 4 98 1 . 6 2' }, [5, 3, 2], 60),
  SOC01: worked('homes', { M08: '1 0 6+2 98 . 3 0 1' }, [5, 3, 2], 60),
}
