import { readPreferences } from './screens/preferences.ts'
import { loadWords } from './text/words.ts'

/** Texts, screens and the phone come side by side: none of them waits for another. */
async function main(): Promise<void> {
  const root = document.getElementById('app')
  if (!root) throw new TypeError('index.html has no element with the id app')
  const preferences = readPreferences(localStorage, navigator.languages)
  const opening = import('./store/open-phone.ts').then(({ openPhone }) => openPhone())
  const [words, { showApp }] = await Promise.all([loadWords(preferences.language), import('./screens/show-app.tsx')])
  await showApp(root, preferences, words, opening)
}

void main()
