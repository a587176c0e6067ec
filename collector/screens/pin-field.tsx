import type { JSX } from 'preact'
import { asciiDigits } from '../interview/digits.ts'
import { Keypad } from './keypad.tsx'

export const pinLength = 6

interface PinFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (pin: string) => void
}

/** A PIN, typed on the big keypad or on a keyboard; never shown. */
export function PinField({ label, value, onChange }: PinFieldProps): JSX.Element {
  const change = (typed: string) => onChange(asciiDigits(typed).replace(/\D/g, '').slice(0, pinLength))
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <input
          type="password"
          inputMode="none"
          autocomplete="off"
          dir="ltr"
          class="big"
          maxLength={pinLength}
          value={value}
          onInput={(event) => change(event.currentTarget.value)}
        />
      </label>
      <Keypad onKey={(digit) => change(value + digit)} onDelete={() => change(value.slice(0, -1))} />
    </>
  )
}

/** A PIN that a finder tries first: one digit repeated, or counting up or down. */
export function isEasyPin(pin: string): boolean {
  const digits = Array.from(pin, Number)
  const steps = new Set(digits.slice(1).map((digit, index) => digit - (digits[index] ?? 0)))
  return steps.size === 1 && [...steps].every((step) => Math.abs(step) <= 1)
}
