import { chartWidth } from './draw.ts'

const columns = 25

/** A hundred dots, so many of them filled: a share that needs no reading. Each filled `circle` carries data-filled. */
export function drawDots(filled: number): string {
  const step = chartWidth / columns
  const dots = Array.from({ length: 100 }, (_, index) => {
    const x = ((index % columns) + 0.5) * step
    const y = (Math.floor(index / columns) + 0.5) * step
    return index < Math.round(filled)
      ? `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" class="dot" data-filled=""/>`
      : `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5" class="ring"/>`
  })
  return `<svg viewBox="0 0 ${chartWidth} ${(100 / columns) * step}" aria-hidden="true" focusable="false">${dots.join('')}</svg>`
}
