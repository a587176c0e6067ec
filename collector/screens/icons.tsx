import type { JSX } from 'preact'

// Drawn for Tala on a grid of 24; strokes follow the colour of the words beside them.
const paths = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  check: 'M4 12.5l5.5 5.5L20 6.5',
  plus: 'M12 4v16M4 12h16',
  minus: 'M4 12h16',
  more: 'M12 5v.5M12 12v.5M12 19v.5',
  warn: 'M12 3L2 21h20L12 3zM12 10v5M12 18v.5',
  hand: 'M7 12V6a1.5 1.5 0 013 0v5V4a1.5 1.5 0 013 0v7V5a1.5 1.5 0 013 0v8l1.5-2a1.6 1.6 0 012.6 1.9L16 20H10a4 4 0 01-4-4v-4',
  unknown: 'M8.5 9a3.5 3.5 0 117 0c0 2.5-3.5 2.5-3.5 5M12 18v.5M12 2a10 10 0 100 20 10 10 0 000-20',
  erase: 'M9 6h11v12H9l-6-6 6-6zM12 10l4 4M16 10l-4 4',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7',
  home: 'M3 11l9-8 9 8M6 9v11h12V9',
  place: 'M12 21s-7-6.5-7-12a7 7 0 0114 0c0 5.5-7 12-7 12zM12 11.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z',
  list: 'M4 6h16M4 12h16M4 18h16',
  lock: 'M6 11h12v10H6zM8.5 11V7.5a3.5 3.5 0 017 0V11',
  aloud: 'M4 9v6h4l5 4V5L8 9H4zM16.5 8.5a5 5 0 010 7M19 6a8.5 8.5 0 010 12',
  eye: 'M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12zM12 15a3 3 0 100-6 3 3 0 000 6z',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8z',
} as const

export type IconName = keyof typeof paths

/** A picture beside words; it says nothing of its own. */
export function Icon({ name, size = 24, mirrored = false }: { name: IconName; size?: number; mirrored?: boolean }): JSX.Element {
  return (
    <svg class={mirrored ? 'icon mirrored' : 'icon'} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
