import { describe, expect, it } from 'vitest'
import { createForm } from '../../../schemas/interview/create-form.ts'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { readWorkbook } from '../../../schemas/xlsform/read.ts'
import type { Sheet, Workbook } from '../../../schemas/xlsform/workbook.ts'
import writeExcel from 'write-excel-file/node'
import { day } from '../interview/scenario.ts'

const languages = ['English', 'Français (fr)', 'Arabic (ar)', 'Kiswahili']

/** A survey as another organisation would hand it over: 300 rows, four languages, roster, cascades, calculations, and their spellings. */
function foreignSurvey(rows = 300): Workbook {
  const header = [
    'type',
    'name',
    ...languages.map((language) => `label::${language}`),
    'hint',
    'relevance',
    'constraint',
    'constraint message',
    'calculation',
    'choice_filter',
    'required',
    'appearance',
    'repeat_count',
    'media::image',
    'note to programmer',
  ]
  const survey: string[][] = []
  const add = (type: string, name: string, cells: Readonly<Record<string, string>> = {}): void => {
    const labelled = /^(calculate|end|start|today|deviceid)/.test(type) ? [] : languages
    survey.push(
      header.map(
        (column) =>
          cells[column] ??
          (column === 'type'
            ? type
            : column === 'name'
              ? name
              : labelled.some((each) => column === `label::${each}`)
                ? `${name} in ${column.slice(7)}?`
                : ''),
      ),
    )
  }
  add('start', 'start')
  add('today', 'today')
  add('deviceid', 'deviceid')
  add('select one from region', 'region', { required: 'TRUE' })
  add('select_one district', 'district', { choice_filter: 'region=${region}', required: 'yes' })
  add('select_one yes_no', 'consent', { required: 'yes', 'note to programmer': 'ask legal' })
  add('begin group', 'interview', { relevance: '${consent} = ‘yes’' })
  add('int', 'members', { constraint: '. &gt;= 1 and . &lt;= 20', 'constraint message': 'Between 1 and 20' })
  add('begin repeat', 'member', { repeat_count: '${members}' })
  add('string', 'member_name')
  add('integer', 'member_age', { constraint: '.>=0 and .<=120', appearance: 'numbers w2' })
  add('select_one sex or_other', 'member_sex')
  add('calculate', 'member_position', { calculation: 'position(..)' })
  add('calculate', 'previous_age', { calculation: 'if(position(..) > 1, indexed-repeat(${member_age}, ${member}, position(..) - 1), 0)' })
  add('end repeat', '')
  add('calculate', 'oldest', { calculation: 'max(${member_age})' })
  add('calculate', 'names', { calculation: "join(', ', ${member_name})" })
  add('calculate', 'district_label', { calculation: "jr:choice-name(${district}, '${district}')" })
  add('calculate', 'price', { calculation: "pulldata('prices', 'price', 'code', ${district})" })
  for (let block = 0; survey.length < rows - 12; block += 1) {
    add('begin_group', `block_${block}`, { appearance: 'field-list' })
    add('select_multiple assets', `assets_${block}`, {
      constraint: "not(selected(., 'none') and count-selected(.) > 1)",
      appearance: 'minimal',
    })
    add('decimal', `spent_${block}`, { relevance: `selected(\${assets_${block}}, 'radio') or \${oldest} > 60`, constraint: '. >= 0' })
    add('date', `since_${block}`, { relevance: `\${spent_${block}} > 0`, constraint: '. <= today()', appearance: 'month-year' })
    add('calculate', `months_${block}`, { calculation: `int((today() - \${since_${block}}) div 30.4)` })
    add('text', `remark_${block}`, { relevance: `../spent_${block} > 100` })
    add('end_group', '')
  }
  add('geopoint', 'where')
  add('image', 'photo')
  add('end group', '')
  add('end', 'end')
  const lists: string[][] = [
    ...['n', 's'].map((code) => ['region', code, ...languages.map((each) => `${code} ${each}`), '']),
    ...['n1', 'n2', 's1', 's2'].map((code) => ['district', code, ...languages.map((each) => `${code} ${each}`), code.slice(0, 1)]),
    ...['yes', 'no'].map((code) => ['yes_no', code, ...languages.map((each) => `${code} ${each}`), '']),
    ...['female', 'male'].map((code) => ['sex', code, ...languages.map((each) => `${code} ${each}`), '']),
    ...['radio', 'bike', 'none'].map((code) => ['assets', code, ...languages.map((each) => `${code} ${each}`), '']),
  ]
  return {
    sheets: [
      sheet('survey', header, survey),
      sheet('choices', ['list name', 'name', ...languages.map((language) => `label::${language}`), 'region'], lists),
      sheet(
        'settings',
        ['form_title', 'form_id', 'version', 'default_language', 'style'],
        [['District survey', 'District Survey 2024', '3', 'English', 'pages']],
      ),
    ],
    files: {
      'prices.csv': sheet(
        'prices.csv',
        ['code', 'price'],
        [
          ['n1', '12'],
          ['s1', '15'],
        ],
      ),
    },
  }
}

const sheet = (name: string, header: readonly string[], rows: readonly (readonly string[])[]): Sheet => ({
  name,
  header,
  rows: rows.map((cells, index) => ({ row: index + 2, cells })),
})

describe('a survey that is not ours', () => {
  it('of 300 rows and four languages compiles without an error', () => {
    const workbook = foreignSurvey()
    expect(workbook.sheets[0]?.rows.length).toBeGreaterThanOrEqual(290)
    const { questionnaire, problems, languages: codes } = compileQuestionnaire(workbook)
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(codes).toEqual(['en', 'fr', 'ar', 'sw'])
    expect(questionnaire?.id).toBe('district_survey_2024')
  })

  it('works: its cascades, roster, calculations and lookups give answers', () => {
    const { questionnaire } = compileQuestionnaire(foreignSurvey())
    if (questionnaire === undefined) throw new Error('did not compile')
    const form = createForm(questionnaire, day)
    let answers = form.start()
    for (const [name, value] of [
      ['region', 's'],
      ['district', 's1'],
      ['consent', 'yes'],
      ['members', 2],
    ] as const)
      answers = form.answer(answers, { name }, value)
    expect(form.choices(answers, { name: 'district' }).map(({ name }) => name)).toEqual(['s1', 's2'])
    expect(form.rowCount(answers, 'member')).toBe(2)
    for (const row of ['a', 'b']) answers = form.addRow(answers, 'member', row)
    answers = form.answer(answers, { name: 'member_age', repeat: 'member', row: 'a' }, 70)
    answers = form.answer(answers, { name: 'member_sex', repeat: 'member', row: 'a' }, 'other')
    expect(answers).toMatchObject({
      oldest: 70,
      district_label: 's1 English',
      price: '15',
      member: [
        { member_position: 1, previous_age: 0 },
        { member_position: 2, previous_age: 70 },
      ],
    })
    expect(form.asked(answers, { repeat: 'member', row: 'a' }).map(({ place }) => place.name)).toContain('member_sex_other')
    expect(form.isRelevant(answers, { name: 'spent_3' })).toBe(true)
  })

  it('says everything that has no effect here', () => {
    const { ignored } = compileQuestionnaire(foreignSurvey())
    expect(ignored.map(({ column, what }) => `${column}: ${what}`)).toEqual([
      'note to programmer: This column is not known; 1 cells have no effect.',
      'appearance: The appearance w2 is not drawn here; the question is shown plainly.',
      'style: The phone shows one question at a time, or a group with appearance field-list.',
    ])
  })

  it('is read the same from an Excel workbook', async () => {
    const workbook = foreignSurvey(60)
    const bytes = await writeExcel(
      workbook.sheets.map(({ name, header, rows }) => ({
        sheet: name,
        data: [header, ...rows.map(({ cells }) => cells)].map((row) => row.map((value) => (value === '' ? null : { value, type: String }))),
      })),
    ).toBuffer()
    const read = await readWorkbook(bytes, { 'prices.csv': Buffer.from('code,price\nn1,12\ns1,15\n') })
    expect(compileQuestionnaire(read).questionnaire).toEqual(compileQuestionnaire(workbook).questionnaire)
  })

  it('with obstacles tells every one of them by its row', () => {
    const workbook = foreignSurvey(80)
    const [survey, ...others] = workbook.sheets
    if (survey === undefined) throw new Error('no survey')
    const broken = survey.rows.map(({ row, cells }) => {
      const obstacle: Readonly<Record<number, readonly [number, string]>> = {
        10: [0, 'geotrace'],
        11: [7, '${nobody} = 1'],
        20: [10, 'checklist(1, 2)'],
        22: [1, 'members'],
      }
      const [column, text] = obstacle[row] ?? []
      return { row, cells: column === undefined || text === undefined ? cells : cells.with(column, text) }
    })
    const { problems, questionnaire } = compileQuestionnaire({ ...workbook, sheets: [{ ...survey, rows: broken }, ...others] })
    expect(questionnaire).toBeUndefined()
    const rows = new Set(problems.filter(({ severity }) => severity === 'error').map(({ row }) => row))
    for (const row of [10, 11, 20, 22]) expect(rows).toContain(row)
  })
})
