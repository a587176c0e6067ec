import { render } from 'preact'
import { messageOf } from './screens/message-of.ts'
import { readPreferences, writePreferences } from './screens/preferences.ts'
import { loadWords } from './text/words.ts'

async function main(): Promise<void> {
  const root = document.getElementById('app')
  if (!root) throw new TypeError('index.html has no element with the id app')
  const preferences = readPreferences(localStorage, navigator.languages)
  const [{ App }, { openPhone }, words] = await Promise.all([
    import('./screens/app.tsx'),
    import('./store/open-phone.ts'),
    loadWords(preferences.language),
  ])
  const phone = await openPhone().catch((error: unknown) => {
    root.textContent = messageOf(error, words)
    throw error
  })
  const address = location.href
  // The code of the link stays out of the history and of a shared screen.
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  root.replaceChildren()
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

void main()
