import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { compileQuestionnaire, withDictionary } from './xlsform/compile.ts'
import { programOutputs } from './xlsform/outputs.ts'
import { readHouse } from './xlsform/house.ts'
import { readSurvey } from './xlsform/read.ts'
import type { Questionnaire } from './questionnaire.ts'

const source = new URL('./questionnaires/', import.meta.url)

/**
 * Compiles every folder of schemas/questionnaires and writes what follows from it to `target`/<id>/.
 * @throws Error with every diagnostic when a survey has errors.
 */
export async function generateQuestionnaires(target = new URL('./generated/', import.meta.url)): Promise<void> {
  const folders = (await readdir(source, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const house = await readHouse()
  for (const folder of folders.toSorted()) {
    const compiled = compileQuestionnaire(await readSurvey(fileURLToPath(new URL(folder, source))), folder, house)
    if (compiled.questionnaire === undefined) {
      const errors = compiled.problems.filter(({ severity }) => severity === 'error')
      throw new Error(
        `${folder} has errors:\n${errors.map((each) => `  ${each.sheet} row ${each.row} ${each.column}: ${each.message}`).join('\n')}`,
      )
    }
    const dictionary = await readFile(new URL(`${folder}/dictionary.txt`, source), 'utf8').catch(() => undefined)
    const questionnaire = dictionary === undefined ? compiled.questionnaire : withDictionary(compiled.questionnaire, dictionary)
    await writeOutputs(questionnaire, new URL(`${questionnaire.id}/`, target))
  }
}

async function writeOutputs(questionnaire: Questionnaire, folder: URL): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, content] of Object.entries(programOutputs(questionnaire))) await writeFile(new URL(name, folder), content)
}
