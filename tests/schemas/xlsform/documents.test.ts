import { parse } from 'csv-parse/sync'
import { JSDOM } from 'jsdom'
import { DOMParser } from 'linkedom'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { surveyCheckHtml } from '../../../schemas/xlsform/check-page.ts'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { readCsv } from '../../../schemas/xlsform/read.ts'
import { codebookCsv, codebookHtml } from '../../../schemas/xlsform/codebook.ts'
import { ddiCodebook } from '../../../schemas/xlsform/ddi.ts'
import { html } from '../../../schemas/xlsform/html.ts'
import { paperForm } from '../../../schemas/xlsform/paper.ts'
import { translationSheet } from '../../../schemas/xlsform/write.ts'
import { householdAbroad, surveyOf } from '../interview/scenario.ts'

let survey: Questionnaire
beforeAll(async () => {
  survey = await householdAbroad()
})

const page = (markup: string): Document => new JSDOM(markup).window.document
const text = (element: { readonly textContent: string | null } | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim()
const hostile = surveyOf(`type,name,label
  text,words,"<script>alert(1)</script> & ""quoted"" "`)

describe('the codebook', () => {
  it('has one line per variable, with its universe in words and its values', () => {
    const lines: Record<string, string>[] = parse(codebookCsv(survey), { columns: true })
    expect(lines.find(({ name }) => name === 'months_away')).toMatchObject({
      table: 'household_abroad_person',
      type: 'integer',
      label_en: 'For how many months?',
      universe: 'agreed is "Yes" and lives is "In another country"',
      missing: "98 = Don't know",
      sensitivity: 'quasi-identifier',
    })
    expect(lines.find(({ name }) => name === 'relation')?.['values']).toBe('01 = Head; 02 = Wife or husband; 03 = Child')
    expect(lines.find(({ name }) => name === 'adults')?.['calculation']).toMatch(/age/)
  })

  it('tells which questions no table has', () => {
    const lines: Record<string, string>[] = parse(codebookCsv(survey), { columns: true })
    expect(lines.filter(({ table }) => table === '(held apart)').map(({ name }) => name)).toEqual(['home_number', 'first_name'])
  })

  it('is a page with a heading per variable and a table of its codes', () => {
    const document = page(codebookHtml(survey, 'fil'))
    expect(document.documentElement.lang).toBe('fil')
    expect(text(document.querySelector('#relation h3'))).toBe('relation Ano si […] sa puno?')
    expect([...document.querySelectorAll('#relation tbody tr')].map(text)).toEqual(['01Puno', '02Asawa', '03Anak'])
  })
})

describe('the paper form', () => {
  it('asks every question that the phone asks, and says when to skip', () => {
    const document = page(paperForm(survey))
    const asked = [...document.querySelectorAll('.question')].map(text)
    expect(asked.find((each) => each.includes('months_away'))).toMatch(
      /^Only if: lives is "In another country"\. months_away For how many months\?/,
    )
    expect(asked.some((each) => each.includes('home_region'))).toBe(false)
    expect(text(document.body)).toContain('Fill in this part once for each member.')
    expect(text(document.body)).toContain('Check: There is not exactly one head.')
  })

  it('has the missing codes in the words of its language', () => {
    const document = page(paperForm(survey, 'fil'))
    expect(text([...document.querySelectorAll('.question')].find((each) => text(each).includes('Ilang taon')))).toContain(
      '□ 98 Hindi alam □ 99 Ayaw sabihin',
    )
  })

  it('says how to work out what conditions need and nobody is asked, and leaves the rest of the calculations out', () => {
    const computed = surveyOf(`type,name,label,relevant,calculation
      integer,age,Age?,,
      calculate,adult,,,\${age} >= 18
      calculate,unused,,,\${age} * 2
      text,work,Work?,\${adult} = 1,`)
    const words = text(page(paperForm(computed)).body)
    expect(words).toContain('Work out adult: age is 18 or more: ______')
    expect(words).toContain('Only if: adult is 1.')
    expect(words).not.toContain('unused')
  })

  it('runs from right to left in Arabic', () => {
    const arabic = surveyOf('type,name,label::English (en),label::Arabic (ar)\ntext,a,A?,أ؟')
    expect(page(paperForm(arabic, 'ar')).documentElement.dir).toBe('rtl')
  })

  it('does not run what an author or a translator wrote', () => {
    expect(page(paperForm(hostile)).querySelector('script')).toBeNull()
    expect(page(codebookHtml(hostile)).querySelector('script')).toBeNull()
  })
})

describe('the DDI description', () => {
  const parsed = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml')
  it('has one variable per column of the tables, and none for a direct identifier', () => {
    const document = parsed(ddiCodebook(survey))
    const names = [...document.querySelectorAll('var')].map((each) => each.getAttribute('name'))
    expect(names).toContain('age')
    expect(names).not.toContain('first_name')
    expect([...document.querySelectorAll('fileName')].map(text)).toEqual(['household_abroad', 'household_abroad_person'])
    const country = document.querySelector('var[name=country]')
    expect([...(country?.querySelectorAll('catgry[missing=Y] catValu') ?? [])].map(text)).toEqual(['98'])
  })

  it('is XML whatever a label holds', () => {
    expect(text(parsed(ddiCodebook(hostile)).querySelector('var qstnLit'))).toBe('<script>alert(1)</script> & "quoted"')
  })
})

describe('the translation sheet', () => {
  it('has every text once, the default language first, and marks what is missing', () => {
    const lines: Record<string, string>[] = parse(translationSheet(survey), { columns: true })
    expect(lines.find(({ name, part }) => name === 'age' && part === 'constraint_message')).toMatchObject({
      'English (en)': 'Between 0 and 115 years.',
      'Filipino (fil)': '',
      missing: 'fil',
    })
    expect(lines.find(({ where, name }) => where === 'choices' && name === 'presence 3')).toMatchObject({
      'Filipino (fil)': 'Sa ibang bansa',
      missing: '',
    })
  })
})

describe('markup', () => {
  it('escapes values, joins lists and leaves nothing for what is not there', () => {
    expect(html`<p title="${'"a"'}">${['<', html`<b>&amp;</b>`, undefined, false]}</p>`.markup).toBe(
      '<p title="&quot;a&quot;">&lt;<b>&amp;</b></p>',
    )
  })
})

describe('the check of a survey as a page', () => {
  it('shows each problem at its row, and the form as a phone shows it once it can be used', () => {
    const usable = compileQuestionnaire({
      sheets: [readCsv('survey', 'type,name,label\ntext,a,What is <b>A</b>?\nnote,x,Hello'), readCsv('settings', 'form_id,version\nt,1')],
      files: {},
    })
    const document = page(surveyCheckHtml(usable))
    expect(text(document.querySelector('[role=status]'))).toMatch(/^This survey can be used\. 2 questions/)
    expect([...document.querySelectorAll('.phone-question')].map(text)).toEqual(['What is <b>A</b>? text', 'Hello'])
  })

  it('shows no form while there are errors', () => {
    const broken = compileQuestionnaire({
      sheets: [readCsv('survey', 'type,name,label\ntext,a,A?\ntext,a,B?'), readCsv('settings', 'form_id,version\nt,1')],
      files: {},
    })
    const document = page(surveyCheckHtml(broken))
    expect(text(document.querySelector('[role=status]'))).toMatch(/^1 error must be settled/)
    expect([...document.querySelectorAll('tbody tr')].map(text)[0]).toMatch(/^survey3nameerrorThe name "a" is already used in row 2\./)
    expect(document.querySelector('.phone')).toBeNull()
  })
})
