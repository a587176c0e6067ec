import { type FunctionComponent, h, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from './words-context.ts'

/** A screen whose code is loaded when it is first shown: what few interviews need must not weigh on all. */
export function later<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let screen: FunctionComponent<Props> | undefined
  return function Later(props: Props): JSX.Element {
    const { t } = useWords()
    const [, setLoaded] = useState(screen !== undefined)
    useEffect(() => {
      if (screen) return
      void load().then((loaded) => {
        screen = loaded
        setLoaded(true)
      })
    }, [])
    return screen ? h(screen, props) : <p role="status">{t('pin.opening')}</p>
  }
}
