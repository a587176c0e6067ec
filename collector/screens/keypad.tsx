import type { JSX } from 'preact'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

interface KeypadProps {
  readonly onKey: (key: string) => void
  readonly onDelete: () => void
  /** Shows a decimal point. */
  readonly point?: boolean
}

/** Big digits in the script of the interface; what it sends are ASCII digits. */
export function Keypad({ onKey, onDelete, point = false }: KeypadProps): JSX.Element {
  const { t, digits } = useWords()
  const key = (digit: number) => (
    <button type="button" key={digit} onClick={() => onKey(String(digit))}>
      {digits(digit)}
    </button>
  )
  return (
    <div class="keypad">
      {[1, 2, 3, 4, 5, 6, 7, 8, 9].map(key)}
      {point ? (
        <button type="button" aria-label={t('pad.point')} onClick={() => onKey('.')}>
          .
        </button>
      ) : (
        <span />
      )}
      {key(0)}
      <button type="button" aria-label={t('pad.delete')} onClick={onDelete}>
        <Icon name="erase" mirrored />
      </button>
    </div>
  )
}
