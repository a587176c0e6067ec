import { randomBytes } from 'node:crypto'
import type { DocumentStore } from '../inbox/document-store.ts'

/** A word of the supervisor to whoever carries the phone: about the work, never about the household. It goes with the next manifest. */
export interface Comment {
  readonly schema: 'comment/1'
  readonly text: string
  /** The record it is about, if it is about one. */
  readonly record: string | null
  readonly at: string
}

export async function sendComment(
  office: DocumentStore,
  device: string,
  { text, record }: Pick<Comment, 'text' | 'record'>,
  now: Date,
): Promise<void> {
  const comment: Comment = { schema: 'comment/1', text, record, at: now.toISOString() }
  await office.put({ _id: `comment:${device}:${now.getTime().toString(36)}${randomBytes(3).toString('hex')}`, ...comment })
}
