import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CheckLine, PhoneCare } from '../phone.ts'
import type { Words } from '../text/words.ts'
import { Icon, type IconName } from './icons.tsx'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

const iconOf: Readonly<Record<CheckLine['state'], IconName>> = { good: 'check', warning: 'warn', bad: 'stop', unknown: 'unknown' }

/** Is this phone ready for the field: each line says what is so and what to do. */
export function DeviceCheck({ phone, onBack }: { phone: PhoneCare; onBack: () => void }): JSX.Element {
  const words = useWords()
  const { t } = words
  const [lines, setLines] = useState<readonly CheckLine[]>()
  useEffect(() => {
    let isShown = true
    phone.checkDevice().then(
      (found) => isShown && setLines(found),
      () => isShown && setLines([]),
    )
    return () => {
      isShown = false
    }
  }, [phone])
  return (
    <Page title={t('check.title')} onBack={onBack}>
      {lines === undefined && <p role="status">{t('check.working')}</p>}
      <ul class="cards">
        {lines?.map((line) => (
          <li key={line.key} class={`line ${line.state}`}>
            <Icon name={iconOf[line.state]} size={28} />
            <span class="grow">
              <strong>{words.t(line.key, textFacts(line))}</strong>
              <small>{adviceOf(line, words)}</small>
            </span>
          </li>
        ))}
      </ul>
    </Page>
  )
}

function textFacts({ facts }: CheckLine): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value === 'never' ? '–' : value]))
}

function adviceOf({ state, advice }: CheckLine, { t, known }: Words): string {
  return advice === null ? t('check.good') : known(advice, `check.${state}`)
}
