import type { SupervisorNotice } from '../phone.ts'

/** A word of the supervisor to whoever carries the phone, as the manifest brings it. */
export interface SupervisorComment extends SupervisorNotice {
  /** The record it is about, if it is about one. */
  readonly record: string | null
}

/** What the supervisor wrote last about each record, by its id. */
export function latestByRecord(comments: readonly SupervisorComment[]): ReadonlyMap<string, string> {
  const inOrder = comments.toSorted((a, b) => (a.at < b.at ? -1 : 1))
  return new Map(inOrder.flatMap(({ record, text }) => (record === null ? [] : [[record, text] as const])))
}

/** More would push the day's list off the screen. */
const mostNotices = 3

/** The latest words that are about no record, the newest first. */
export function noticesOf(comments: readonly SupervisorComment[]): readonly SupervisorNotice[] {
  const general = comments.filter(({ record }) => record === null)
  return general.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, mostNotices)
}
