import type { JSX } from 'preact'

const sprite = new URL('../assets/pictograms.svg', import.meta.url).href

/** A picture beside its word. */
export function Pictogram({ name, size }: { name: string; size: number }): JSX.Element {
  return (
    <svg class="pictogram" width={size} height={size} aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  )
}
