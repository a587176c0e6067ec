import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { validatorModule } from '../../../schemas/xlsform/validator.ts'

export interface Validator {
  (answers: unknown): boolean
  errors?: readonly { readonly instancePath: string; readonly keyword: string }[] | null
}

/** The standalone validator of a questionnaire, written to a file and imported as the server does. */
export async function validatorOf(questionnaire: Questionnaire): Promise<Validator> {
  const folder = await mkdtemp(join(tmpdir(), 'tala-validator-'))
  try {
    const file = join(folder, 'validate.mjs')
    await writeFile(file, validatorModule(questionnaire))
    const loaded = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { validateAnswers: Validator }
    return loaded.validateAnswers
  } finally {
    await rm(folder, { recursive: true })
  }
}
