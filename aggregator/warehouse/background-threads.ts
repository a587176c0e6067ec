import { readdirSync, readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'

/** Niceness of threads whose work can wait: where cores are few, the thread that answers requests gets nine times as much of one. */
const niceness = 10

/** Work of this thread waits for the thread that answers requests. Only Linux has priorities of single threads; elsewhere nothing happens. */
export function workInBackground(): void {
  try {
    lower(basename(readlinkSync('/proc/thread-self')))
  } catch {
    // Not Linux.
  }
}

/** The same for the threads that begin while something is opened. */
export async function openInBackground<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  const before = threads()
  const opened = await open()
  for (const thread of threads()) if (!before.includes(thread)) lower(thread)
  return opened
}

function threads(): readonly string[] {
  try {
    return readdirSync('/proc/self/task')
  } catch {
    return []
  }
}

function lower(thread: string): void {
  try {
    setPriority(Number(thread), niceness)
  } catch {
    // It has ended, or may not be lowered: then it works at the priority of all.
  }
}
