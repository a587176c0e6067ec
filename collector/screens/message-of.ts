import type { Words } from '../text/words.ts'

/** The sentence for something the phone threw; its `code` is a key of the interface texts. */
export function messageOf(error: unknown, { known }: Words): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return known(code, 'app.failed')
}
