import type { Round } from '../generated/records.ts'
import type { FormContext } from './form.ts'

/** The lowest level of the register: where a home can stand. */
const homeLevel: Round['areas'][number]['level'] = 'barangay'

/**
 * What a round tells the form: its settings, and its areas as choices of the list `area`.
 * @param today the interview day, YYYY-MM-DD
 * @param now local time with offset, ISO 8601
 */
export function roundContext(round: Pick<Round, 'settings' | 'areas' | 'referenceDay'>, today: string, now: string): FormContext {
  const area = round.areas.filter(({ level }) => level === homeLevel).map(({ code, name }) => ({ name: code, label: { en: name } }))
  return { today, now, settings: { reference_day: round.referenceDay, ...round.settings }, lists: { area } }
}
