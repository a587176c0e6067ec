import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Area } from '../../schemas/generated/records.ts'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

interface BeginProps {
  readonly areas: readonly Area[]
  readonly practice: boolean
  /** The area of the last interview. */
  readonly latest: string | undefined
  readonly onBack: () => void
  readonly onBegin: (area: string) => void
}

/** A new home: in which area. */
export function Begin({ areas, practice, latest, onBack, onBegin }: BeginProps): JSX.Element {
  const { t } = useWords()
  const [area, setArea] = useState(areas.find(({ code }) => code === latest)?.code ?? areas[0]?.code)
  return (
    <Page
      title={t('begin.title')}
      onBack={onBack}
      nextLabel={t('begin.start')}
      nextDisabled={area === undefined}
      onNext={() => area !== undefined && onBegin(area)}
    >
      {practice && <p class="mark">{t('begin.practice')}</p>}
      <fieldset class="choices">
        <legend class="unseen">{t('begin.title')}</legend>
        {areas.map(({ code, name }) => (
          <label key={code} class={code === area ? 'choice chosen' : 'choice'}>
            <span class="grow">{name}</span>
            <input type="radio" name="area" value={code} checked={code === area} onChange={() => setArea(code)} />
          </label>
        ))}
      </fieldset>
    </Page>
  )
}
