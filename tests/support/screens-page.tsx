import { showApp } from '../../collector/screens/show-app.tsx'
import { loadWords } from '../../collector/text/words.ts'
import { readPreferences } from '../../collector/screens/preferences.ts'
import type { RecordSummary } from '../../collector/phone.ts'
import questionnaire from '../../schemas/generated/household/questionnaire.json' with { type: 'json' }
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { everyKind } from './every-kind.ts'
import { createFakePhone, type FakePhoneOptions } from './fake-phone.ts'

// The screens with the fake phone, for tests in a browser. `?state=new` and `?records=1` choose how it starts, `?save=2000` how long a save takes.
const asked = new URLSearchParams(location.search)
const states = ['saved', 'received', 'accepted', 'held'] as const
const records: readonly RecordSummary[] = states.map((state, index) => ({
  id: `r:fake:${index}`,
  state,
  label: `04-${index + 12}`,
  area: '0402109001',
  updated: '2026-11-21T09:30:00+00:00',
  practice: false,
  reasons: state === 'held' ? [{ code: 'X02' }, { code: 'age', name: 'B05', row: 'row-2' }, { code: 'returned-by-supervisor' }] : [],
  withdrawalCode: 'K7M2-9QXD',
  ...(state === 'held' && { comment: 'Please ask for the age of the second person again.' }),
}))
const clock = asked.get('now')
const phone = createFakePhone({
  questionnaire: asked.get('form') === 'every-kind' ? everyKind : (questionnaire as unknown as Questionnaire),
  // `memory`: what was stored is read, but saving costs what the fake phone costs and no more.
  storage: asked.has('memory') ? { getItem: (key) => localStorage.getItem(key), setItem: () => {}, removeItem: () => {} } : localStorage,
  state: (asked.get('state') ?? 'open') as NonNullable<FakePhoneOptions['state']>,
  left: Number(asked.get('left') ?? 0),
  records: asked.has('records') ? records : [],
  notices: asked.has('notices') ? [{ text: 'Meet at the hall at eight.', at: '2026-11-20T16:00:00Z' }] : [],
  saveMs: Number(asked.get('save') ?? 0),
  ...(clock !== null && { clock: () => new Date(clock) }),
  round: {
    settings: {
      home_country: 'PHL',
      money_currency: 'PHP',
      ask_legal_status: 0,
      ask_module_l: asked.has('module-l') ? 1 : 0,
      certified: 1,
    },
  },
})
Object.assign(globalThis, { fakePhone: phone })
const root = document.getElementById('app')
if (root) {
  const preferences = readPreferences(localStorage, navigator.languages)
  const words = await loadWords(preferences.language)
  await showApp(root, preferences, words, Promise.resolve(phone))
}
