/** How much longer this phone can collect. */
export interface Room {
  /** Whether the browser promised not to clear the stores when the phone is short of space. */
  readonly persisted: boolean
  readonly freeBytes: number
  readonly interviewsLeft: number
  /** False when an interview should not be started: it might not fit to its end. */
  readonly mayStart: boolean
  /** True when it is time to send, or to clear pictures from the phone. */
  readonly isShort: boolean
}

/** A large interview: some hundred entries of its journal, its checkpoints, its copy and its outbox entry, before the browser tidies up. */
const interviewBytes = 400_000
const leastInterviews = 3
/** Below this Chrome itself starts to clear what is not persistent. */
const shortBytes = 200_000_000

export type StorageQuestions = Pick<StorageManager, 'estimate' | 'persisted' | 'persist'>

/**
 * @param holdReserve whether space could be set aside. It is the honest half of the answer: browsers no longer tell how full the disk really is
 * (Chromium reports up to 10 GiB whatever is left), but a write that fails cannot lie.
 */
export async function measureRoom(holdReserve: () => Promise<boolean>, storage: StorageQuestions = navigator.storage): Promise<Room> {
  const [{ quota = 0, usage = 0 }, persisted, held] = await Promise.all([storage.estimate(), storage.persisted(), holdReserve()])
  const freeBytes = held ? Math.max(0, quota - usage) : 0
  const interviewsLeft = Math.floor(freeBytes / interviewBytes)
  return { persisted, freeBytes, interviewsLeft, mayStart: interviewsLeft >= leastInterviews, isShort: freeBytes < shortBytes }
}

/** Asks the browser to keep the stores for good. Chrome answers by itself: yes for an installed app, often no for a page that was just opened. */
export async function askToPersist(storage: StorageQuestions = navigator.storage): Promise<boolean> {
  return (await storage.persisted()) || (await storage.persist())
}
