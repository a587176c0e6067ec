// Takes the pictures of the interview for the README: `node --import tsx tests/support/picture-collector.ts`
import { join } from 'node:path'
import { everyKindDraft, familyDraft } from '../collector/screens/family.ts'
import { type Look, openScreens } from '../collector/screens/browser.ts'
import type { Draft } from '../../collector/phone.ts'

const folder = 'docs/pictures'
const of = (name: string) => ({ screen: 'question' as const, at: { name, repeat: 'person', row: 'row-1' } })

const pictures: readonly (readonly [string, string, Look, Draft])[] = [
  ['collector-en.png', '', {}, familyDraft(of('C04'))],
  ['collector-fil.png', '', { language: 'fil' }, { ...familyDraft(of('C04')), questionLanguage: 'fil' }],
  ['collector-dark.png', '', { theme: 'dark' }, familyDraft(of('C04'))],
  ['collector-age.png', '', {}, familyDraft(of('B05'))],
  ['collector-people.png', '', {}, familyDraft({ screen: 'roster', repeat: 'person' })],
  ['collector-ar.png', 'form=every-kind', { language: 'ar' }, { ...everyKindDraft(of('lived')), questionLanguage: 'ar' }],
]

const browser = await openScreens({ width: 360, height: 540 })
for (const [file, query, look, draft] of pictures) {
  await browser.open(query, look, draft)
  await browser.page.waitForTimeout(300)
  await browser.page.screenshot({ path: join(folder, file) })
}
await browser.close()
