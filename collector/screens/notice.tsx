import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icons.tsx'

/** What is wrong and what to do, spoken at once. Nothing while there is no text. */
export function Notice({ text, children }: { text: string | undefined; children?: ComponentChildren }): JSX.Element | null {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => notice.current?.scrollIntoView({ block: 'center' }), [text])
  if (text === undefined) return null
  return (
    <div ref={notice} class="notice" role="alert">
      <p>
        <Icon name="warn" />
        <span>{text}</span>
      </p>
      {children}
    </div>
  )
}
