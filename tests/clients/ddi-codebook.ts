// Validates the DDI description of every survey of the tree against the official DDI-Codebook 2.5 schema, with xmllint.
// DDI_CODEBOOK_XSD names codebook.xsd of the DDI Alliance; it is not in this repository (LGPL).
import { execFile } from 'node:child_process'
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compileQuestionnaire } from '../../schemas/xlsform/compile.ts'
import { ddiCodebook } from '../../schemas/xlsform/ddi.ts'
import { readSurvey } from '../../schemas/xlsform/read.ts'
import type { ClientReport } from './pyxform.ts'

const run = promisify(execFile)
const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url))

export async function validateDdi(schema = process.env['DDI_CODEBOOK_XSD']): Promise<ClientReport> {
  const present = schema !== undefined && (await succeeds(access(schema))) && (await succeeds(run('xmllint', ['--version'])))
  if (!present) return { client: undefined, compared: 0, differences: [] }
  const folder = await mkdtemp(join(tmpdir(), 'tala-ddi-'))
  try {
    const differences: string[] = []
    const surveys = await surveysOfTheTree()
    for (const survey of surveys) {
      const { questionnaire } = compileQuestionnaire(await readSurvey(survey))
      if (questionnaire === undefined) throw new Error(`${survey} does not compile`)
      const xml = ddiCodebook(questionnaire)
      if (!(await isValid(xml, folder, schema))) differences.push(`${questionnaire.id}: not valid DDI-Codebook 2.5`)
      // A validator that accepts everything would prove nothing.
      if (await isValid(xml.replaceAll('qstnLit', 'question'), folder, schema))
        differences.push(`${questionnaire.id}: a broken file was taken for valid`)
    }
    return { client: 'xmllint with the DDI-Codebook 2.5 schema', compared: surveys.length, differences }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function isValid(xml: string, folder: string, schema: string): Promise<boolean> {
  const file = join(folder, 'ddi.xml')
  await writeFile(file, xml)
  return succeeds(run('xmllint', ['--nonet', '--noout', '--schema', schema, file]))
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

async function surveysOfTheTree(): Promise<readonly string[]> {
  const folders = async (path: string): Promise<string[]> => (await readdir(join(schemas, path))).map((name) => join(schemas, path, name))
  return [...(await folders('questionnaires')), ...(await folders('examples/valid'))]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { client, compared, differences } = await validateDdi()
  if (client === undefined) console.log('NOT RUN: no xmllint, or DDI_CODEBOOK_XSD does not name the DDI-Codebook 2.5 schema.')
  else console.log(`${client}: ${compared} files validated, ${differences.length} differences`)
  for (const difference of differences) console.log(`  ${difference}`)
  process.exitCode = differences.length > 0 ? 1 : 0
}
