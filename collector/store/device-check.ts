import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { questionKey } from '../../schemas/recordings/keys.ts'
import { openShelf } from '../recordings/shelf.ts'
import { drawOnCanvas, missingLetters } from './glyphs.ts'
import type { Room } from './room.ts'

/** One line of the device check page. `key` and `advice` are keys of the interface texts; `facts` fill their gaps. */
export interface CheckLine {
  readonly key: CheckKey
  readonly state: 'good' | 'warning' | 'bad' | 'unknown'
  readonly facts: Readonly<Record<string, string | number>>
  /** What to do, for lines that are not good. */
  readonly advice: string | null
}

export type CheckKey =
  | 'check.storage-persistent'
  | 'check.storage-room'
  | 'check.installed'
  | 'check.battery'
  | 'check.clock'
  | 'check.camera'
  | 'check.microphone'
  | 'check.location'
  | 'check.fonts'
  | 'check.recordings'
  | 'check.sealing'
  | 'check.app-version'
  | 'check.questionnaire'
  | 'check.last-sync'

/** What the page knows and the browser cannot tell. */
export interface CheckFacts {
  readonly appVersion: string
  readonly questionnaire: Questionnaire | null
  /** ISO time of the last successful sync. */
  readonly lastSync: string | null
  /** Milliseconds that this phone's clock is ahead of the server's, from the last answer; null when never asked. */
  readonly clockAheadMs: number | null
  readonly now: number
}

/** Looks at the phone without asking for any permission; whoever asks for the camera does so when it is needed. */
export async function checkDevice(facts: CheckFacts, room: Room): Promise<readonly CheckLine[]> {
  return await Promise.all([
    Promise.resolve(persistence(room)),
    Promise.resolve(roomLine(room)),
    installed(),
    battery(),
    clock(facts),
    permission('check.camera', 'camera', 'videoinput'),
    permission('check.microphone', 'microphone', 'audioinput'),
    permission('check.location', 'geolocation'),
    Promise.resolve(fonts(facts)),
    recordings(facts),
    sealing(),
    Promise.resolve(line('check.app-version', 'good', { version: facts.appVersion })),
    Promise.resolve(questionnaire(facts)),
    Promise.resolve(lastSync(facts)),
  ])
}

/** The check as a text to send to a supervisor: states and figures, no answers and no names. @param made ISO 8601. */
export function checkAsText(lines: readonly CheckLine[], device: string, made: string): string {
  const details = (facts: CheckLine['facts']) => Object.entries(facts).map(([name, value]) => ` ${name}=${value}`)
  const rows = lines.map(({ key, state, facts }) => `${state.toUpperCase().padEnd(7)} ${key.slice(6)}${details(facts).join('')}`)
  return [`Tala ${device} ${made}`, ...rows].join('\n')
}

function line(key: CheckKey, state: CheckLine['state'], facts: CheckLine['facts'] = {}): CheckLine {
  return { key, state, facts, advice: state === 'good' ? null : `${key}.${state}` }
}

function persistence({ persisted }: Room): CheckLine {
  return line('check.storage-persistent', persisted ? 'good' : 'warning')
}

function roomLine({ freeBytes, interviewsLeft, mayStart, isShort }: Room): CheckLine {
  return line('check.storage-room', mayStart ? (isShort ? 'warning' : 'good') : 'bad', {
    megabytes: Math.floor(freeBytes / 1e6),
    interviews: interviewsLeft,
  })
}

async function installed(): Promise<CheckLine> {
  return line('check.installed', matchMedia('(display-mode: standalone)').matches ? 'good' : 'warning')
}

interface Battery {
  readonly level: number
  readonly charging: boolean
}

async function battery(): Promise<CheckLine> {
  const { getBattery } = navigator as Navigator & { getBattery?: () => Promise<Battery> }
  if (!getBattery) return line('check.battery', 'unknown')
  const { level, charging } = await getBattery.call(navigator)
  const percent = Math.round(level * 100)
  return line('check.battery', charging || percent >= 30 ? 'good' : percent >= 15 ? 'warning' : 'bad', { percent })
}

const minuteMs = 60_000

async function clock({ clockAheadMs }: CheckFacts): Promise<CheckLine> {
  if (clockAheadMs === null) return line('check.clock', 'unknown')
  const minutes = Math.round(clockAheadMs / minuteMs)
  return line('check.clock', Math.abs(minutes) <= 5 ? 'good' : Math.abs(minutes) <= 720 ? 'warning' : 'bad', { minutes })
}

async function permission(
  key: CheckKey,
  name: 'camera' | 'microphone' | 'geolocation',
  kind?: 'videoinput' | 'audioinput',
): Promise<CheckLine> {
  try {
    if (kind && !(await navigator.mediaDevices.enumerateDevices()).some((each) => each.kind === kind))
      return { key, state: 'bad', facts: {}, advice: `${key}.missing` }
    const { state } = await navigator.permissions.query({ name })
    return line(key, state === 'granted' ? 'good' : state === 'denied' ? 'bad' : 'warning')
  } catch {
    return line(key, 'unknown')
  }
}

/** A question that shows as boxes cannot be asked. */
function fonts({ questionnaire: form }: CheckFacts): CheckLine {
  const draw = drawOnCanvas()
  const languages = form?.languages ?? []
  const boxes = languages.filter(({ name }) => missingLetters(name, draw).length > 0).map(({ name, code }) => `${name} (${code})`)
  return line('check.fonts', boxes.length === 0 ? 'good' : 'bad', { languages: boxes.join(', ') })
}

/** The spoken questions of the language that has the fewest; none at all is right where a round has no recordings. */
async function recordings({ questionnaire: form }: CheckFacts): Promise<CheckLine> {
  const questions = nodesOf(form?.items ?? []).flatMap(({ item }) => (item.kind === 'question' && item.type !== 'calculate' ? [item] : []))
  const spoken = async (code: string) => {
    const shelf = form ? await openShelf(form.id, code) : undefined
    return shelf && questions.filter((each) => shelf.has(questionKey(each, code))).length
  }
  const counts = (await Promise.all((form?.languages ?? []).map(({ code }) => spoken(code)))).filter((each) => each !== undefined)
  const facts = { have: Math.min(questions.length, ...counts), of: questions.length }
  if (counts.length === 0) return line('check.recordings', 'unknown', { ...facts, have: 0 })
  return line('check.recordings', facts.have === facts.of ? 'good' : 'warning', facts)
}

/** Without P-256 and AES in the browser nothing can be sealed: such a phone must not be used. */
async function sealing(): Promise<CheckLine> {
  try {
    await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
    return line('check.sealing', 'good')
  } catch {
    return line('check.sealing', 'bad')
  }
}

function questionnaire({ questionnaire: form }: CheckFacts): CheckLine {
  return form === null ? line('check.questionnaire', 'bad') : line('check.questionnaire', 'good', { version: `${form.id} ${form.version}` })
}

const dayMs = 24 * 60 * minuteMs

function lastSync({ lastSync: last, now }: CheckFacts): CheckLine {
  if (last === null) return line('check.last-sync', 'warning', { days: 'never' })
  const days = Math.max(0, Math.floor((now - Date.parse(last)) / dayMs))
  return line('check.last-sync', days <= 2 ? 'good' : days <= 14 ? 'warning' : 'bad', { days })
}
