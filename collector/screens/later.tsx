import { type FunctionComponent, h, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from './words-context.ts'

/** What stands in the place of a part that is on its way: words for a screen, nothing for a small thing. */
type Waiting = 'words' | 'nothing'

/** A screen whose code is loaded when it is first shown: what few interviews need must not weigh on all. */
export function later<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  waiting: Waiting = 'words',
): FunctionComponent<Props> {
  let screen: FunctionComponent<Props> | undefined
  return function Later(props: Props): JSX.Element | null {
    const { t } = useWords()
    const [, setLoaded] = useState(screen !== undefined)
    useEffect(() => {
      if (screen) return
      void load().then((loaded) => {
        screen = loaded
        setLoaded(true)
      })
    }, [])
    if (screen) return h(screen, props)
    return waiting === 'words' ? <p role="status">{t('pin.opening')}</p> : null
  }
}
