import type { JSX } from 'preact'
import type { Row } from '../../schemas/interview/answers.ts'
import { type Figure, figureOf } from '../interview/figure.ts'
import type { Outline } from '../interview/outline.ts'

// Drawn for Tala: people by dress and size, not by the signs of gender.
const figures: Readonly<Record<Figure, string>> = {
  woman: 'M12 8a3 3 0 100-6 3 3 0 000 6zM12 8c-2.5 0-3.5 1.5-4 3l-2 7h12l-2-7c-.5-1.5-1.5-3-4-3zM9.5 18v4M14.5 18v4',
  man: 'M12 8a3 3 0 100-6 3 3 0 000 6zM8 9.5h8v6h-1.5V22h-5v-6.5H8zM12 15.5V22',
  girl: 'M12 11a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM12 11c-2 0-2.6 1-3 2l-1.8 6h9.6L15 13c-.4-1-1-2-3-2zM10.3 19v3M13.7 19v3M9.5 8L8 9.5M14.5 8L16 9.5',
  boy: 'M12 11a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM9 12.2h6V17h-1.2v5h-3.6v-5H9zM12 17v5',
  baby: 'M12 11.5a4 4 0 100-8 4 4 0 000 8zM7 21c-1.5-3 0-7 5-7s6.5 4 5 7zM10.5 7.5v.3M13.5 7.5v.3M11 9.5c.6.4 1.4.4 2 0',
  'old-woman': 'M11 8a3 3 0 100-6 3 3 0 000 6zM11 8c-2.5 0-3.5 1.5-4 3l-2 7h12l-2-7c-.5-1.5-1.5-3-4-3zM8.5 18v4M13.5 18v4M16 12h3v10',
  'old-man': 'M11 8a3 3 0 100-6 3 3 0 000 6zM7 9.5h8v6h-1.5V22h-5v-6.5H7zM11 15.5V22M15 12h4v10',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7',
}

/** The picture of a member by sex and age; anybody while neither is known. */
export function Avatar({ member, outline, size = 44 }: { member: Row | undefined; outline: Outline; size?: number }): JSX.Element {
  return (
    <svg class="icon avatar" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={figures[figureOf(member, outline)]} />
    </svg>
  )
}
