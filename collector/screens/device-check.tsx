import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CheckLine, Phone, PhoneCare } from '../phone.ts'
import type { TextKey, Words } from '../text/words.ts'
import { giveText } from './copies/give.tsx'
import { Icon, type IconName } from './icons.tsx'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

const iconOf: Readonly<Record<CheckLine['state'], IconName>> = { good: 'check', warning: 'warn', bad: 'stop', unknown: 'unknown' }

/** Is this phone ready for the field: each line says what is so and what to do. */
export function DeviceCheck({ phone, onBack }: { phone: Phone & PhoneCare; onBack: () => void }): JSX.Element {
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
  const send = async (found: readonly CheckLine[]) => {
    const { checkAsText } = await import('../store/device-check.ts')
    const state = phone.state()
    giveText('check', checkAsText(found, state.kind === 'open' ? state.device : '', new Date().toISOString()))
  }
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
      {lines !== undefined && lines.length > 0 && (
        <button type="button" class="plain wide" onClick={() => void send(lines)}>
          {t('check.send')}
        </button>
      )}
    </Page>
  )
}

function textFacts({ facts }: CheckLine): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value === 'never' ? '–' : value]))
}

function adviceOf({ state, advice, facts }: CheckLine, { t, has }: Words): string {
  if (advice === null) return t('check.good')
  return has(advice) ? t(advice as TextKey, facts) : t(`check.${state}`)
}
