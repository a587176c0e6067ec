import type { Questionnaire } from '../questionnaire.ts'
import { answersSchema } from './answers-schema.ts'
import { createTables, tablesOf } from './tables.ts'
import { validatorDeclaration, validatorModule } from './validator.ts'

/** Everything that follows from a questionnaire, by file name; the same bytes for the same questionnaire. */
export function outputsOf(questionnaire: Questionnaire): Readonly<Record<string, string>> {
  return {
    'questionnaire.json': `${JSON.stringify(questionnaire)}\n`,
    'answers.schema.json': `${JSON.stringify(answersSchema(questionnaire), undefined, 2)}\n`,
    'validate.js': validatorModule(questionnaire),
    'validate.d.ts': validatorDeclaration,
    'tables.sql': createTables(tablesOf(questionnaire)),
  }
}
