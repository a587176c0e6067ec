import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Bar } from './bar.tsx'
import { useWords } from './words-context.ts'

interface PageProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly onBack?: () => void
  readonly backLabel?: string
  readonly nextLabel?: string
  readonly onNext?: () => void
  readonly nextDisabled?: boolean
}

/** A screen outside the interview: title, content, bar. The title takes the focus, so that a screen reader begins there. */
export function Page({ title, children, onBack, backLabel, nextLabel, onNext, nextDisabled = false }: PageProps): JSX.Element {
  const { draft, t } = useWords()
  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault()
        if (!nextDisabled) onNext?.()
      }}
    >
      <main>
        <Title text={title} />
        {draft && <p class="draft">{t('app.draft-language')}</p>}
        {children}
      </main>
      {(onBack || nextLabel !== undefined) && (
        <Bar onBack={onBack} {...(backLabel !== undefined && { backLabel })} nextLabel={nextLabel} nextDisabled={nextDisabled} />
      )}
    </form>
  )
}

/** From this many letters on, a heading is a text to read: smaller and not bold. */
const longText = 160

/** The heading of a screen, focused as it appears: a moment later it would take the focus from whoever tabs quickly. */
export function Title({ text, id, lang, dir }: { text: string; id?: string; lang?: string; dir?: 'ltr' | 'rtl' }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h1 ref={heading} tabIndex={-1} id={id} lang={lang} dir={dir} class={text.length > longText ? 'long' : undefined}>
      {text}
    </h1>
  )
}
