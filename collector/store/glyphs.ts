/** No font has it: what it looks like is the box that stands for a missing letter. */
const noLetter = '\u{10FFFE}'

/** Draws one letter; what comes back is equal for equal pictures. */
export type DrawLetter = (letter: string) => string

/** The letters of a text that this phone shows as boxes. Marks and spaces are not asked about: they have no shape of their own. */
export function missingLetters(text: string, draw: DrawLetter): readonly string[] {
  const box = draw(noLetter)
  return [...new Set(text)].filter((letter) => /\p{L}/u.test(letter) && draw(letter) === box)
}

/** Draws with the fonts of the app on a small canvas. */
export function drawOnCanvas(): DrawLetter {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 32
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new TypeError('no canvas to draw letters on')
  pen.font = '24px system-ui, sans-serif'
  pen.textBaseline = 'middle'
  return (letter) => {
    pen.clearRect(0, 0, 32, 32)
    pen.fillText(letter, 4, 16)
    return pen.getImageData(0, 0, 32, 32).data.join()
  }
}
