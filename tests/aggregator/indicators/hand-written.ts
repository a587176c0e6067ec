const persons = (universe: string, numerator: string) =>
  `select count(*), count(*) filter (where ${numerator}) from household_person p join household h using (record_id) where ${universe}`
const homes = (universe: string, numerator: string) =>
  `select count(*), count(*) filter (where ${numerator}) from household where ${universe}`

/** Respondents and cases of indicators, in SQL as a statistician would write it, from the definitions in words. */
export const handWritten: Readonly<Record<string, string>> = {
  MIG01: persons(`p."B06" = '1' and p."C01" not in ('98', '99')`, `p."C01" <> h.home_country`),
  MIG02: persons(`p."B06" = '1' and p."C02" not in ('98', '99')`, `p.foreign_citizen = 1`),
  MIG03: persons(`p."B06" = '1'`, `p.returnee_5y = 1`),
  MIG06: persons(`p."B06" = '1' and p.age >= 5 and p."C04" not in ('98', '99')`, `p."C04" = '2'`),
  MIG07: persons(`p."B06" = '1' and p.age >= 1 and p."C05" not in ('98', '99')`, `p."C05" = '3'`),
  MIG10: persons(
    `p."B06" = '1' and p.age <= 17 and p."B10" not in ('98', '99')`,
    `p."B10" in ('4', '5', '6') and h.household_with_member_abroad = 1`,
  ),
  MIG11: persons(`p."B06" = '1' and p.age <= 17 and p."B10" not in ('98', '99')`, `p."B10" in ('5', '6')`),
  REC03: persons(`p.worked_abroad_36m = 1 and p.rci is not null`, `p.rci > 1`),
  REC05: persons(`p.worked_abroad_36m = 1 and p."H04" not in ('98', '99')`, `p."H04" = '1'`),
  REC09: persons(`p.worked_abroad_36m = 1 and p."B03" = 'F' and p."H10" not in ('98', '99')`, `p."H10" = '1'`),
  RET01: persons(`p.returnee_5y = 1 and p."I04" not in ('98', '99')`, `p."I04" = '0'`),
  RET08: persons(`p.returnee_5y = 1 and p.age between 6 and 17 and p."E02" not in ('98', '99')`, `p."E02" = '1'`),
  DOC01: persons(`p."B06" = '1' and p.age < 5 and p."D01" not in ('98', '99')`, `p."D01" in ('1', '2', '3')`),
  LAB01: persons(`p."B06" = '1' and p.age >= 15 and p.labour_force = 1`, `p.unemployed = 1`),
  LAB03: persons(`p."B06" = '1' and p.employed = 1 and p."B03" = 'F' and p."G07" not in ('98', '99')`, `p."G07" = '6'`),
  HLT01: persons(`p."B06" = '1' and p."F07" not in ('98', '99')`, `p."F07" = '1'`),
  HLT03: persons(
    `p."B06" = '1' and len(p."F09") > 0 and not list_has_any(p."F09", ['98', '99'])`,
    `list_has_any(p."F09", ['1', '2', '3', '4'])`,
  ),
  DSB01: persons(`p."B06" = '1' and p.age >= 5 and p.disability in (0, 1)`, `p.disability = 1`),
  EDU01: persons(`p."B06" = '1' and p.age between 6 and 17 and p."E02" not in ('98', '99')`, `p."E02" = '0'`),
  EDU04: persons(`p."B06" = '1' and p.age >= 10 and p."E01" not in ('98', '99')`, `p."E01" = '1'`),
  MIG04: homes(`"A07" = '1'`, `household_with_member_abroad = 1`),
  REM01: homes(`"A07" = '1' and "M01" not in ('98', '99')`, `"M01" = '1'`),
  CBM03: homes(`"A07" = '1' and "N05" not in ('98', '99')`, `"N05" in ('07', '09', '10', '11', '13', '96')`),
  CBM07: homes(`"A07" = '1' and "M07" not in ('98', '99')`, `"M07" = '1'`),
  HOU01: homes(`"A07" = '1' and "N04" > 0`, `count_here::double / "N04" > 3`),
  CLI02: homes(`"P02" = '1' and "P04" not in ('98', '99')`, `"P04" = '0'`),
  SOC01: homes(
    `"A07" = '1' and len("M08") > 0 and not list_has_any("M08", ['98', '99'])`,
    `list_has_any("M08", ['1', '2', '3', '4', '5', '6'])`,
  ),
}
