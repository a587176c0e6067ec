import { useEffect, useReducer } from 'preact/hooks'

/** Draws a screen anew after each change of what it shows. */
export function useChanges(source: { subscribe(listener: () => void): () => void }): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => source.subscribe(() => redraw(undefined)), [source])
}
