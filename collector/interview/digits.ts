/** Local digits (٠-٩ ۰-۹ ০-৯ ०-९ ၀-၉) and the Arabic decimal mark as ASCII; everything else as it was. */
export function asciiDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹০-৯०-९၀-၉٫]/g, (character) => {
    const code = character.codePointAt(0) ?? 0
    const zero = Object.values(firstDigit).find((each) => code >= each && code < each + 10)
    return zero === undefined ? '.' : String(code - zero)
  })
}

/**
 * A typed number: spaces and thousands marks are left out, comma or point marks decimals.
 * @returns undefined for what is not a number, and for a fraction when a whole number is asked
 */
export function readNumber(typed: string, kind: 'integer' | 'decimal'): number | undefined {
  const plain = asciiDigits(typed).replace(/[\s  ]/g, '')
  const point = plain.replace(/,(?=\d{3}(\D|$))/g, '').replace(',', '.')
  if (!/^-?\d{1,15}(\.\d{0,6})?$/.test(point)) return undefined
  const number = Number(point)
  return kind === 'integer' && !Number.isInteger(number) ? undefined : number
}

/** The digits a language is written with, as Unicode names them. */
export type DigitScript = 'latn' | 'arab' | 'arabext' | 'beng' | 'deva' | 'mymr'

const firstDigit: Readonly<Record<DigitScript, number>> = {
  latn: 0x30,
  arab: 0x0660,
  arabext: 0x06f0,
  beng: 0x09e6,
  deva: 0x0966,
  mymr: 0x1040,
}

/** A number in a script's digits, without marks between thousands: a year or a code stays readable. */
export function localDigits(value: number | string, script: DigitScript): string {
  return String(value).replace(/[0-9]/g, (digit) => String.fromCodePoint(firstDigit[script] + Number(digit)))
}
