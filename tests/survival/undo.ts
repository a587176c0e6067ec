/** Safeguards that can be taken away, each to show that a named schedule then fails. */
export const safeguards = [
  /** Receipts name what the server never saw, whatever the network had answered. */
  'receipts-ask-again',
  /** The phone lets go only of what is accepted and in a backup. */
  'safe-means-backed-up',
  'only-receipts-prove',
  /** (id, rev) decides whether a row is new. */
  'rows-are-checked-against-the-ledger',
  'position-is-committed-with-the-rows',
  /** A restored feed is read again although it has grown past the reader. */
  'feed-notices-rewinding',
  /** Records that were changed on the way are not stored. */
  'hash-is-checked',
  /** A phone whose answer was lost may use its refresh token again. */
  'lost-answers-are-forgiven',
  /** Only first revisions of new ids are stored. */
  'documents-are-screened',
] as const
export type Undo = (typeof safeguards)[number]
