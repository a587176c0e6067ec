import policy from '../../../schemas/disclosure.json' with { type: 'json' }

export interface Population {
  /** People living in the smallest area that the extract would name. */
  readonly residents: number
  /** Of them, people in the frame. */
  readonly frame: number
}

export type Recipient = keyof typeof policy.microdata.recipients

/** Records are released only from areas so large that a sampled record is one of many; a village gets tables. */
export function mayReleaseRecords(
  { residents, frame }: Population,
  recipient: Recipient,
): { readonly allowed: boolean; readonly why: string; readonly k: number } {
  const { smallestArea, smallestFrame, recipients } = policy.microdata
  const k = recipients[recipient].k
  if (residents < smallestArea)
    return { allowed: false, why: `The area has fewer than ${smallestArea} residents; merge areas or release tables.`, k }
  if (frame < smallestFrame)
    return { allowed: false, why: `The frame has fewer than ${smallestFrame} people; merge areas or release tables.`, k }
  return { allowed: true, why: '', k }
}
