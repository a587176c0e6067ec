import { render } from 'preact'
import { readPreferences, writePreferences } from './screens/preferences.ts'

async function main(): Promise<void> {
  const root = document.getElementById('app')
  if (!root) throw new TypeError('index.html has no element with the id app')
  const [{ App }, { openPhone }] = await Promise.all([import('./screens/app.tsx'), import('./store/open-phone.ts')])
  const preferences = readPreferences(localStorage, navigator.languages)
  const phone = await openPhone().catch(async (error: unknown) => {
    const { explainFailedStart } = await import('./screens/failed-start.ts')
    root.textContent = await explainFailedStart(error, preferences.language)
    throw error
  })
  const address = location.href
  // The code of the link stays out of the history and of a shared screen.
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  root.replaceChildren()
  render(
    <App phone={phone} preferences={preferences} onPreferences={(chosen) => writePreferences(localStorage, chosen)} address={address} />,
    root,
  )
}

void main()
