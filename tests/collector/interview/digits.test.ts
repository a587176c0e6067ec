import { describe, expect, it } from 'vitest'
import { asciiDigits, localDigits, readNumber } from '../../../collector/interview/digits.ts'

describe('digits', () => {
  it.each([
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['০১২৩৪৫৬৭৮৯', '0123456789'],
    ['०१२३४५६७८९', '0123456789'],
    ['၀၁၂၃၄၅၆၇၈၉', '0123456789'],
    ['٣٫٥', '3.5'],
    ['room 4', 'room 4'],
  ])('of any of our scripts are read: %s', (typed, ascii) => {
    expect(asciiDigits(typed)).toBe(ascii)
  })

  it.each([
    ['34', 'integer', 34],
    ['٣٤', 'integer', 34],
    ['1 500', 'integer', 1500],
    ['1,500', 'decimal', 1500],
    ['15,2', 'decimal', 15.2],
    ['15.2', 'decimal', 15.2],
    ['15.2', 'integer', undefined],
    ['12a', 'integer', undefined],
    ['', 'integer', undefined],
    ['-3', 'integer', -3],
  ] as const)('typed as %j make the %s %s', (typed, kind, number) => {
    expect(readNumber(typed, kind)).toBe(number)
  })

  it('are shown in the script of the language, without marks between thousands', () => {
    expect(localDigits(1990, 'arab')).toBe('١٩٩٠')
    expect(localDigits(1990, 'beng')).toBe('১৯৯০')
    expect(localDigits(1990, 'latn')).toBe('1990')
  })
})
