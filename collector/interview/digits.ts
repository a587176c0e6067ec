// First code point of each block of ten digits that our languages write; Intl knows how to show them, nothing reads them back.
const zeros = [0x0660, 0x06f0, 0x09e6, 0x0966, 0x1040]

/** Local digits (٠-٩ ۰-۹ ০-৯ ०-९ ၀-၉) and the Arabic decimal mark as ASCII; everything else as it was. */
export function asciiDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹০-৯०-९၀-၉٫]/g, (character) => {
    const code = character.codePointAt(0) ?? 0
    const zero = zeros.find((each) => code >= each && code < each + 10)
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

/** A number in the digits of a language, ungrouped: a year or a code stays readable. */
export function localDigits(value: number | string, language: string): string {
  const format = digitFormat(language)
  return String(value).replace(/[0-9]/g, (digit) => format.format(Number(digit)))
}

function digitFormat(language: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(language, { useGrouping: false })
  } catch {
    return new Intl.NumberFormat('en', { useGrouping: false })
  }
}
