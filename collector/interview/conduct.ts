import type { Answer, Place } from '../../schemas/interview/answers.ts'
import type { Problem } from '../../schemas/interview/form.ts'
import type { OverrideReason } from './checks.ts'
import type { Appointment, Draft, DraftPlace } from '../phone.ts'
import { localTime } from './dates.ts'
import { placeAfter, placeBefore } from './pages.ts'
import { endOfSection } from './private.ts'
import { next, type Session, step, type Step } from './session.ts'

/** What conducting needs of the world. */
export interface ConductDependencies {
  readonly saveDraft: (draft: Draft) => Promise<void>
  readonly clock: () => Date
  readonly newRowId: () => string
}

export type Saving = 'saved' | 'saving' | 'failed'

/** An open interview: what the screens call. Each change is saved; moving on waits until it is. */
export interface Conduct {
  session(): Session
  saving(): Saving
  subscribe(listener: () => void): () => void
  answer(place: Place, value: Answer | undefined): void
  /** Goes to the next screen when nothing is wrong and all is saved. @returns false when it stayed. */
  next(): Promise<boolean>
  /** @returns false on the first screen. */
  back(): Promise<boolean>
  go(to: DraftPlace): Promise<void>
  addMember(repeat: string, name: string): string
  removeMember(repeat: string, row: string): void
  undoRemove(): void
  forgetRemoved(): void
  counted(): void
  /** Ends the private section of a question: the rest becomes "prefer not to say", and the next section opens. */
  stopPrivate(place: Place): Promise<void>
  /** The household asked to be visited again; resolves when that is durable. */
  appoint(appointment: Appointment): Promise<void>
  /** The question on the screen is answered by the person alone. */
  answersAlone(place: Place): void
  /** The screen was away for so long. */
  backAgain(awayMs: number): void
  confirm(problem: Problem, reason: OverrideReason): void
  questionLanguage(language: string): void
  interfaceLanguage(language: string): void
  /** Resolves when the last change is durable. @throws what saving threw. */
  settled(): Promise<void>
}

/** Conducts an interview from a session on. */
export function conduct(start: Session, { saveDraft, clock, newRowId }: ConductDependencies): Conduct {
  let session = start
  let durable = start.draft
  let saving: Saving = 'saved'
  let writing: Promise<void> | undefined
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const now = () => localTime(clock())

  // One write at a time; what changed meanwhile goes with the next. It ends in the same moment as it sees that nothing is left:
  // a change in between would find a write that no longer looks.
  const write = async () => {
    try {
      while (durable !== session.draft) {
        const draft = session.draft
        await saveDraft(draft)
        durable = draft
      }
      saving = 'saved'
    } catch (error) {
      saving = 'failed'
      throw error
    } finally {
      writing = undefined
      tell()
    }
  }
  const save = (): Promise<void> => {
    if (writing) return writing
    if (durable === session.draft) return Promise.resolve()
    saving = 'saving'
    writing = write()
    return writing
  }
  const take = (taken: Step) => {
    session = step(session, taken)
    // The screen says when it failed, and Next tries again.
    save().catch(() => {})
    tell()
  }
  const move = async (to: DraftPlace) => {
    await save()
    take({ kind: 'go', to, at: clock().getTime(), now: now() })
  }

  return {
    session: () => session,
    saving: () => saving,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    answer: (place, value) => take({ kind: 'answer', place, value, now: now() }),
    async next() {
      const outcome = next(session)
      if (outcome.kind === 'stay') {
        take({ kind: 'problems', problems: outcome.problems })
        return false
      }
      await move(outcome.to)
      return true
    },
    async back() {
      const to = placeBefore(session.form, session.outline, session.draft.answers, session.draft.place)
      if (to === undefined) return false
      await move(to)
      return true
    },
    go: move,
    addMember(repeat, name) {
      const id = newRowId()
      take({ kind: 'add', repeat, id, name, now: now() })
      return id
    },
    removeMember: (repeat, row) => take({ kind: 'remove', repeat, row, now: now() }),
    undoRemove: () => take({ kind: 'undo', now: now() }),
    forgetRemoved: () => take({ kind: 'forget removed' }),
    counted: () => take({ kind: 'counted' }),
    async stopPrivate(place) {
      take({ kind: 'stop', place, now: now() })
      const { form, outline, draft } = session
      const end = endOfSection(form, outline, draft.answers, place)
      await move(placeAfter(form, outline, draft.answers, { screen: 'question', at: end }))
    },
    async appoint(appointment) {
      take({ kind: 'appoint', appointment, now: now() })
      await save()
    },
    answersAlone: (place) => take({ kind: 'alone', place }),
    backAgain: (awayMs) => take({ kind: 'back again', awayMs }),
    confirm: (problem, reason) => take({ kind: 'confirm', problem, reason }),
    questionLanguage: (language) => take({ kind: 'question language', language }),
    interfaceLanguage: (language) => take({ kind: 'interface language', language }),
    settled: save,
  }
}
