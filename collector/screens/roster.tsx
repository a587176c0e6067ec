import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Conduct } from '../interview/conduct.ts'
import { isNaming, memberName, nextUnfinished } from '../interview/members.ts'
import { openMember } from '../interview/pages.ts'
import type { Session } from '../interview/session.ts'
import { rowsOf } from '../interview/values.ts'
import { Bar } from './bar.tsx'
import { textIn } from './controls/control.ts'
import { Icon } from './icons.tsx'
import { MemberCard } from './member-card.tsx'
import { Notice } from './notice.tsx'
import { Title } from './page.tsx'
import { UndoBar } from './undo-bar.tsx'
import { useWords } from './words-context.ts'
import { writeFirst } from './write-first.ts'

interface RosterProps {
  readonly session: Session
  readonly conduct: Conduct
  readonly repeat: string
  readonly onBack: () => void
}

/** Who lives here: first the names and how many, then the cards from which each member's questions are opened, in any order. */
export function Roster({ session, conduct, repeat, onBack }: RosterProps): JSX.Element {
  const { t } = useWords()
  const { form, outline, draft, counted } = session
  const { answers, questionLanguage } = draft
  const [isCounting, setCounting] = useState(false)
  const [isEmpty, setEmpty] = useState(false)
  const rows = rowsOf(answers, repeat)
  const item = outline.nodes.get(repeat)?.item
  const naming = !counted && isNaming(form, outline, answers, repeat)
  const waiting = nextUnfinished(form, outline, answers, repeat)
  const called = (row: string, index: number) => memberName(outline, answers, repeat, row) ?? t('roster.nameless', { number: index + 1 })

  const openNext = () => (waiting === undefined ? conduct.next() : conduct.go(openMember(form, answers, repeat, waiting)))
  const next = () => {
    if (rows.length === 0) return setEmpty(true)
    if (naming) return setCounting(true)
    return void openNext()
  }
  const everyone = () => {
    conduct.counted()
    setCounting(false)
    void openNext()
  }
  const index = rows.findIndex(({ _id }) => _id === waiting)
  const onward = waiting === undefined ? t('roster.all-done') : t('roster.next-person', { name: called(waiting, index) })
  const language = form.questionnaire.languages.find(({ code }) => code === questionLanguage)
  const words = (part: 'label' | 'hint') => textIn(item?.[part], questionLanguage, form.questionnaire.defaultLanguage)

  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault()
        next()
      }}
    >
      <main>
        <Title text={words('label') ?? ''} lang={questionLanguage} dir={language?.direction ?? 'ltr'} />
        {naming ? (
          <p class="hint" lang={questionLanguage} dir={language?.direction ?? 'ltr'}>
            {words('hint')}
          </p>
        ) : (
          <p class="hint">{t('roster.hub')}</p>
        )}
        <ul class="cards members">
          {rows.map(({ _id }, position) => (
            <li key={_id}>
              <MemberCard
                session={session}
                repeat={repeat}
                row={_id}
                name={called(_id, position)}
                target={naming ? 'menu' : 'questions'}
                onOpen={(row) =>
                  void conduct.go(
                    naming ? { screen: 'member', repeat, row } : openMember(form, conduct.session().draft.answers, repeat, row),
                  )
                }
                onMenu={(row) => void conduct.go({ screen: 'member', repeat, row })}
              />
            </li>
          ))}
        </ul>
        {rows.length === 0 && <p class="calm">{t('roster.empty')}</p>}
        <AddMember
          isNamed={outline.nameQuestion.has(repeat)}
          startsOpen={naming}
          onAdd={(name) => {
            setEmpty(false)
            setCounting(false)
            conduct.addMember(repeat, name)
            writeFirst(conduct.settled())
          }}
        />
        <Notice text={isEmpty ? t('roster.need-one') : undefined} />
        {isCounting && (
          <Notice asks text={t('roster.count', { count: rows.length })}>
            <p>{t('roster.read-back')}</p>
            <div class="pair">
              <button type="button" class="plain" onClick={() => setCounting(false)}>
                {t('roster.count-no')}
              </button>
              <button type="button" class="go" onClick={everyone}>
                {t('roster.count-yes')}
              </button>
            </div>
          </Notice>
        )}
        <UndoBar session={session} conduct={conduct} />
      </main>
      <Bar onBack={onBack} nextLabel={naming ? t('app.next') : onward} />
    </form>
  )
}

/** The one big way to add a person; names are typed one after the other. */
function AddMember({ isNamed, startsOpen, onAdd }: { isNamed: boolean; startsOpen: boolean; onAdd: (name: string) => void }): JSX.Element {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(startsOpen)
  const [name, setName] = useState('')
  const field = useRef<HTMLInputElement>(null)
  if (!isNamed || !isOpen) {
    return (
      <button type="button" class="plain wide add" onClick={() => (isNamed ? setOpen(true) : onAdd(''))}>
        <Icon name="plus" />
        {t('roster.add')}
      </button>
    )
  }
  const add = () => {
    if (name.trim() === '') return
    onAdd(name.trim())
    setName('')
    field.current?.focus()
  }
  return (
    <div class="adding">
      <label class="field grow">
        <span>{t('roster.name')}</span>
        <input
          ref={field}
          type="text"
          dir="auto"
          autocomplete="off"
          maxLength={60}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || name.trim() === '') return
            event.preventDefault()
            add()
          }}
        />
      </label>
      <button type="button" class="plain add" disabled={name.trim() === ''} onClick={add}>
        <Icon name="plus" />
        {t('roster.add-name')}
      </button>
    </div>
  )
}
