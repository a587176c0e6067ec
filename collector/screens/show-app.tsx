import { render } from 'preact'
import type { Phone, PhoneCare } from '../phone.ts'
import type { Words } from '../text/words.ts'
import { App } from './app.tsx'
import { messageOf } from './message-of.ts'
import { type Preferences, writePreferences } from './preferences.ts'
import { drawAfterWriting } from './write-first.ts'

/** Puts the app into the page once the phone is open. @throws what opening the phone threw, after saying so on the page. */
export async function showApp(
  root: HTMLElement,
  preferences: Preferences,
  words: Words,
  opening: Promise<Phone & PhoneCare>,
): Promise<void> {
  const phone = await opening.catch((error: unknown) => {
    root.textContent = messageOf(error, words)
    throw error
  })
  const address = location.href
  // The code of the link stays out of the history and of a shared screen.
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  root.replaceChildren()
  drawAfterWriting()
  render(
    <App
      phone={phone}
      preferences={preferences}
      words={words}
      onPreferences={(chosen) => writePreferences(localStorage, chosen)}
      address={address}
    />,
    root,
  )
}
