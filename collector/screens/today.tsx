import type { JSX } from 'preact'
import type { Phone, PhoneCare, RecordSummary } from '../phone.ts'
import type { TextKey } from '../text/words.ts'
import { appointmentWords } from './appointment-words.ts'
import { Icon } from './icons.tsx'
import { Title } from './page.tsx'
import { timeWords } from '../text/calendar-names.ts'
import { SyncLine } from './sync-line.tsx'
import { useWords } from './words-context.ts'

type Shelf = 'attention' | 'come-back' | 'listed' | 'started' | 'saved' | 'sent' | 'accepted'

const shelfOf: Readonly<Record<RecordSummary['state'], Shelf>> = {
  draft: 'started',
  saved: 'saved',
  sending: 'saved',
  received: 'sent',
  accepted: 'accepted',
  held: 'attention',
  refused: 'attention',
  withdrawn: 'accepted',
}
const shelves: readonly Shelf[] = ['attention', 'come-back', 'listed', 'started', 'saved', 'sent', 'accepted']
/** Homes shown per heading: a day has four or five, a month does not fit on a screen. */
const shownPerShelf = 20

interface TodayProps {
  readonly phone: Phone & PhoneCare
  readonly area: string
  /** The questionnaire has numbers of homes. */
  readonly hasListing: boolean
  readonly onBegin: (practice: boolean) => void
  readonly onList: () => void
  readonly onHelp: () => void
  readonly onOpen: (record: RecordSummary) => void
  readonly onSettings: () => void
  readonly onCheck: () => void
  readonly onCopies: () => void
}

/** The day at a glance: what needs attention, what is started, what left the phone. */
export function Today(props: TodayProps): JSX.Element {
  const { phone, area, hasListing, onBegin, onList, onHelp, onOpen, onSettings, onCheck, onCopies } = props
  const { t, draft, language } = useWords()
  const records = phone.records()
  const byShelf = new Map(shelves.map((shelf) => [shelf, records.filter((each) => shelfFor(each) === shelf).toSorted(byAppointment)]))
  return (
    <div class="screen">
      <header class="top">
        <span class="where">{area}</span>
        <button type="button" class="quiet" onClick={onSettings}>
          {t('list.settings')}
        </button>
      </header>
      <main>
        <Title text={t('list.title')} />
        {draft && <p class="draft">{t('app.draft-language')}</p>}
        <SyncLine phone={phone} />
        {phone.isUpdateWaiting() && (
          <div class="sync" role="status">
            <p>{t('update.words')}</p>
            <button type="button" class="plain" onClick={() => void phone.activateUpdate()}>
              {t('update.now')}
            </button>
          </div>
        )}
        {phone.notices().map(({ text, at }) => (
          <div class="sync" key={at}>
            <p>
              <strong>{t('list.from-supervisor')}</strong> · {timeWords(at, language)}
            </p>
            <p dir="auto">{text}</p>
          </div>
        ))}
        {records.length === 0 && <p class="calm">{t('list.empty')}</p>}
        {shelves.map((shelf) => {
          const shelved = byShelf.get(shelf) ?? []
          return shelved.length === 0 ? null : (
            <section key={shelf}>
              <h2>
                {t(`list.${shelf}` as TextKey)} <span class="count">{t('list.count', { count: shelved.length })}</span>
              </h2>
              <ul class="cards">
                {shelved.slice(0, shownPerShelf).map((record) => (
                  <li key={record.id}>
                    <RecordCard record={record} onOpen={onOpen} />
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
        {hasListing && (
          <button type="button" class="plain wide" onClick={onList}>
            {t('list.new-home')}
          </button>
        )}
        <button type="button" class="plain wide" onClick={() => onBegin(true)}>
          {t('list.practice')}
        </button>
        <button type="button" class="plain wide" onClick={onHelp}>
          {t('help.title')}
        </button>
        <button type="button" class="plain wide copies" onClick={onCopies}>
          {t('copies.title')}
        </button>
        <button type="button" class="plain wide" onClick={onCheck}>
          {t('list.check')}
        </button>
      </main>
      <div class="bar">
        <button type="button" class="go" onClick={() => onBegin(false)}>
          <Icon name="plus" />
          {t('list.start')}
        </button>
      </div>
    </div>
  )
}

function shelfFor({ state, isListed, appointment }: RecordSummary): Shelf {
  if (appointment !== undefined) return 'come-back'
  return isListed === true ? 'listed' : shelfOf[state]
}

const dayParts = ['morning', 'afternoon', 'evening']

// The next appointment first; everything else stays as it came.
function byAppointment({ appointment: one }: RecordSummary, { appointment: other }: RecordSummary): number {
  if (!one || !other) return 0
  return one.day === other.day ? dayParts.indexOf(one.part) - dayParts.indexOf(other.part) : one.day < other.day ? -1 : 1
}

function RecordCard({ record, onOpen }: { record: RecordSummary; onOpen: (record: RecordSummary) => void }): JSX.Element {
  const words = useWords()
  const { t, language } = words
  const shelf = shelfFor(record)
  const label = record.label === '' ? t('list.no-label') : record.label
  return (
    <button type="button" class={`card record ${shelf}`} onClick={() => onOpen(record)}>
      <Icon name="home" size={36} />
      <span class="grow">
        <strong>
          <bdi>{shelf === 'started' ? t('list.continue', { label }) : label}</bdi>
        </strong>
        <small>
          {record.appointment ? (
            appointmentWords(record.appointment, words)
          ) : (
            <>
              {t(shelf === 'listed' ? 'state.listed' : (`state.${record.state}` as TextKey))} · {timeWords(record.updated, language)}
            </>
          )}
        </small>
        {record.comment !== undefined && <small>{t('list.comment')}</small>}
        {record.torn && <small class="mark">{t('list.torn')}</small>}
        {record.practice && <small class="mark">{t('app.practice')}</small>}
      </span>
      <Icon name="next" mirrored />
    </button>
  )
}
