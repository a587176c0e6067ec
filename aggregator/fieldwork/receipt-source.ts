import type { Receipt } from '../../schemas/generated/records.ts'

/** Where the routes of the phone read receipts. The warehouse implements it: receipts are written in the transaction that loads the record. */
export interface ReceiptSource {
  /** Receipts of the device with a `seq` above the given one, in rising order of seq, at most `limit`. 0 is before the first. */
  since(device: string, seq: number, limit: number): Promise<readonly Receipt[]>
  /** The latest receipt of each of these records; ids without a receipt, and ids of another device, are absent. */
  status(device: string, ids: readonly string[]): Promise<ReadonlyMap<string, Receipt>>
}
