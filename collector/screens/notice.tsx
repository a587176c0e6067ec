import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icons.tsx'

interface NoticeProps {
  readonly text: string | undefined
  readonly children?: ComponentChildren
  /** A question to the enumerator, not a fault. */
  readonly asks?: boolean
}

/** What is wrong and what to do, spoken at once. Nothing while there is no text. */
export function Notice({ text, children, asks = false }: NoticeProps): JSX.Element | null {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => notice.current?.scrollIntoView({ block: 'center' }), [text])
  if (text === undefined) return null
  return (
    <div ref={notice} class={asks ? 'notice asks' : 'notice'} role="alert">
      <p>
        <Icon name={asks ? 'unknown' : 'warn'} />
        <span>{text}</span>
      </p>
      {children}
    </div>
  )
}
