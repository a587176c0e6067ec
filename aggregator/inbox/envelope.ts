import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { EnvelopeCheck, Reason } from './screen.ts'

/** Compiles the schema of sealed records; the same one the types come from. */
export function sealedRecordCheck(): EnvelopeCheck {
  const schema: unknown = JSON.parse(readFileSync(new URL('../../schemas/records/sealed.schema.json', import.meta.url), 'utf8'))
  // The first breach is enough: it opens a case for a person, and checking on would let a hostile document cost more.
  const validate = new Ajv2020({ strict: true, allErrors: false, keywords: [] }).compile(schema as object)
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(asReason))
}

function asReason({ instancePath, keyword, params }: { instancePath: string; keyword: string; params: Record<string, unknown> }): Reason {
  const missing = keyword === 'required' && typeof params['missingProperty'] === 'string' ? `/${params['missingProperty']}` : ''
  return { code: 'envelope-malformed', name: `${instancePath}${missing} ${keyword}`.trim().slice(0, 80) }
}
