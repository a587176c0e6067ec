const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Random bytes, an argument so that tests and simulations repeat. */
export type RandomBytes = (length: number) => Uint8Array

export const cryptoRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length))

/**
 * `r:<device>:<ULID>`: unique without asking anybody, in order of making. Made once per interview and never reused.
 * @param now milliseconds since 1970 by the device's clock; only for reading order, never for deciding anything.
 */
export function recordId(device: string, now: number, random: RandomBytes): string {
  return `r:${device}:${ulid(now, random)}`
}

function ulid(now: number, random: RandomBytes): string {
  let time = ''
  // A clock before 1970 or past the year 10889 must not stop an interview.
  let rest = Math.min(Math.max(0, Math.floor(now)), 2 ** 48 - 1)
  for (let digit = 0; digit < 10; digit++) {
    time = crockford.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  return time + digits(16, random)
}

function digits(length: number, random: RandomBytes): string {
  return Array.from(random(length), (byte) => crockford.charAt(byte % 32)).join('')
}

/** Of a member within one interview: 30 random bits, for it travels twice with every record. */
export function rowId(random: RandomBytes): string {
  return digits(6, random)
}

/** The code on the household's slip, such as `K7QF-2M9X`: 40 random bits, no letters that are read as digits. */
export function withdrawalCode(random: RandomBytes): string {
  return `${digits(4, random)}-${digits(4, random)}`
}
