import type { Questionnaire } from '../questionnaire.ts'
import { answersSchema } from './answers-schema.ts'
import { codebookCsv, codebookHtml } from './codebook.ts'
import { ddiCodebook } from './ddi.ts'
import { paperForm } from './paper.ts'
import { createTables, tablesOf } from './tables.ts'
import { validatorDeclaration, validatorModule } from './validator.ts'
import { translationSheet } from './write.ts'

/** What both programs need of a questionnaire, by file name; the same bytes for the same questionnaire. */
export function programOutputs(questionnaire: Questionnaire): Readonly<Record<string, string>> {
  return {
    'questionnaire.json': `${JSON.stringify(questionnaire)}\n`,
    'answers.schema.json': `${JSON.stringify(answersSchema(questionnaire), undefined, 2)}\n`,
    'validate.js': validatorModule(questionnaire),
    'validate.d.ts': validatorDeclaration,
    'tables.sql': createTables(tablesOf(questionnaire)),
    'codebook.csv': codebookCsv(questionnaire),
  }
}

/** What people read of a questionnaire, by file name. */
export function documents(questionnaire: Questionnaire): Readonly<Record<string, string>> {
  return {
    'codebook.html': codebookHtml(questionnaire),
    'ddi.xml': ddiCodebook(questionnaire),
    'paper.html': paperForm(questionnaire),
    'translations.csv': translationSheet(questionnaire),
  }
}
