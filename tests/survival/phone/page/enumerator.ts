// A made-up enumerator inside the page: interviews as fast as the phone allows, and says what was shown as saved.
import type { Draft, Phone } from '../../../../collector/phone.ts'
import { seededRandom } from './seeded.ts'

/** What people say; handed in, so that the page's own files do not hold it. */
export interface Said {
  readonly name: string
  readonly home: string
  /** Characters of a long remark in each interview, for phones without room. */
  readonly remark?: number
}

export interface Shown {
  readonly kind: 'answer' | 'finished' | 'started' | 'idle'
  readonly id: string
  /** Row id of the answer. */
  readonly row?: string
}

/** Calls of the harness into the page, kept so small that a kill can fall between any two of them. */
export async function interviewUntilKilled(phone: Phone, seed: number, said: Said, say: (shown: Shown) => void): Promise<void> {
  const random = seededRandom(seed)
  let draft = await resume(phone, say).catch(() => undefined)
  for (let step = 0; step < 60 && draft; step++) {
    const chance = random()
    try {
      if (chance < 0.72) draft = await answer(phone, draft, `a${seed}x${step}`, said, say)
      else if (chance < 0.87) {
        await phone.completeDraft(draft)
        say({ kind: 'finished', id: draft.id })
        // On a full phone no other begins: then the work ends here, and nobody answers into the finished one.
        draft = undefined
        draft = await begin(phone, say)
      } else if (chance < 0.95) await phone.sync()
      else draft = await phone.openDraft(draft.id)
    } catch (error) {
      // A full phone says so; nothing was shown as saved, and the enumerator tries something else.
      if (!String(error).includes('phone.storage-full')) {
        console.warn(String(error))
        break
      }
    }
  }
  say({ kind: 'idle', id: '' })
}

async function resume(phone: Phone, say: (shown: Shown) => void): Promise<Draft> {
  const open = phone.records().find(({ state }) => state === 'draft')
  return open ? await phone.openDraft(open.id) : await begin(phone, say)
}

async function begin(phone: Phone, say: (shown: Shown) => void): Promise<Draft> {
  const draft = await phone.startDraft({ area: '1234567890', practice: false })
  say({ kind: 'started', id: draft.id })
  return draft
}

/** Saves one more member with a name; only when the phone says it is durable is it shown. */
async function answer(phone: Phone, draft: Draft, row: string, said: Said, say: (shown: Shown) => void): Promise<Draft> {
  const person = (draft.answers['person'] ?? []) as readonly { readonly _id: string }[]
  const member = { _id: row, name: `${said.name} ${row}`, sex: 'F', age: 30, lived_abroad: '1' }
  const remark = said.remark === undefined ? {} : { remark: noise(said.remark) }
  const answers = {
    home_number: said.home,
    consent_interview: '1',
    ...draft.answers,
    ...remark,
    person: [...person, member],
  } as Draft['answers']
  const next = { ...draft, answers, edits: draft.edits + 1 }
  await phone.saveDraft(next)
  say({ kind: 'answer', id: draft.id, row })
  return next
}

const noise = (length: number) => Array.from({ length: Math.ceil(length / 10) }, () => Math.random().toString(36).slice(2, 12)).join('')
