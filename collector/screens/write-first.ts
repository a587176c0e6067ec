import { options } from 'preact'

/** A slow disk does not hold up the screen for longer than this, in ms. */
const longestUndrawn = 30

let writes = 0
let waiting: (() => void) | undefined

const draw = (): void => {
  const render = waiting
  waiting = undefined
  render?.()
}

/** Takes away the tick of the answer before, in the same frame as the tap. */
const mark = () => document.documentElement.toggleAttribute('data-writing', writes > 0)

/**
 * Draws an answer after it is written. Drawing keeps a slow phone busy, and a browser reports the end of a write only when it is done with that:
 * drawn first, an answer would be safe later, and its screen drawn twice.
 */
export function writeFirst(written: Promise<unknown>): void {
  writes++
  mark()
  const done = () => {
    writes--
    mark()
    if (writes === 0) draw()
  }
  written.then(done, done)
}

/** To be called once, before the first screen. */
export function drawAfterWriting(): void {
  options.debounceRendering = (render) => {
    // Not at once: the handler that changed something says only afterwards that it is being written.
    queueMicrotask(() => {
      if (writes === 0) return render()
      waiting = render
      setTimeout(draw, longestUndrawn)
    })
  }
  // Whoever taps next taps on a screen that shows the last answer. Not on `input`: drawing would take back what was just typed.
  for (const event of ['pointerdown', 'keydown', 'beforeinput', 'click', 'submit']) addEventListener(event, draw, { capture: true })
}
