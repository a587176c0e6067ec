import { fileURLToPath } from 'node:url'
import type { Answer, Answers, Place } from '../../../schemas/interview/answers.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Form, FormContext } from '../../../schemas/interview/form.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { readCsv, readSurvey } from '../../../schemas/xlsform/read.ts'

export const day: FormContext = { today: '2026-11-21', now: '2026-11-21T10:00:00+08:00' }

/** An example survey of schemas/examples/valid. */
export async function exampleSurvey(name: string): Promise<Questionnaire> {
  return compiled(await readSurvey(fileURLToPath(new URL(`../../../schemas/examples/valid/${name}`, import.meta.url))))
}

/** A household with members, some abroad. */
export const householdAbroad = (): Promise<Questionnaire> => exampleSurvey('household-abroad')

/** A survey written in the test: rows of a survey sheet as CSV, and of a choices sheet. */
export function surveyOf(survey: string, choices = 'list_name,name,label\nyes_no,1,Yes\nyes_no,0,No'): Questionnaire {
  const settings = readCsv('settings', 'form_title,form_id,version,default_language\nTest,test,1,English (en)')
  return compiled({ sheets: [readCsv('survey', unindented(survey)), readCsv('choices', unindented(choices)), settings], files: {} })
}

function compiled(workbook: Parameters<typeof compileQuestionnaire>[0]): Questionnaire {
  const { questionnaire, problems } = compileQuestionnaire(workbook)
  if (questionnaire === undefined)
    throw new Error(problems.map(({ row, column, message }) => `row ${row} ${column}: ${message}`).join('\n'))
  return questionnaire
}

const unindented = (text: string): string => text.trim().replace(/^[ ]+/gm, '')

/** An interview told as a story: every step answers one thing. */
export class Interviewing {
  readonly form: Form
  answers: Answers
  constructor(questionnaire: Questionnaire, context: FormContext = day) {
    this.form = createForm(questionnaire, context)
    this.answers = this.form.start()
  }

  answer(name: string, value: Answer | undefined, row?: string): this {
    this.answers = this.form.answer(this.answers, this.place(name, row), value)
    return this
  }

  addMember(row: string, values: Readonly<Record<string, Answer>> = {}): this {
    this.answers = this.form.addRow(this.answers, 'person', row)
    for (const [name, value] of Object.entries(values)) this.answer(name, value, row)
    return this
  }

  removeMember(row: string): this {
    this.answers = this.form.removeRow(this.answers, 'person', row)
    return this
  }

  place(name: string, row?: string): Place {
    return row === undefined ? { name } : { name, repeat: 'person', row }
  }

  asked(row?: string): readonly string[] {
    const within = row === undefined ? undefined : { repeat: 'person', row }
    return this.form.asked(this.answers, within).map(({ place }) => place.name)
  }

  problems(): readonly string[] {
    return this.form
      .validate(this.answers)
      .map(({ kind, severity, place }) => `${severity} ${kind} ${place.name}${place.row === undefined ? '' : ` of ${place.row}`}`)
  }

  member(row: string): Readonly<Record<string, unknown>> {
    const rows = (this.answers['person'] ?? []) as readonly { readonly _id: string }[]
    const found = rows.find(({ _id }) => _id === row)
    if (found === undefined) throw new Error(`no member ${row}`)
    return found
  }
}
