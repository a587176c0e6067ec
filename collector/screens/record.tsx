import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Phone, RecordSummary } from '../phone.ts'
import type { TextKey, Words } from '../text/words.ts'
import { Comment } from './comment.tsx'
import { Icon } from './icons.tsx'
import { messageOf } from './message-of.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { timeWords } from '../text/calendar-names.ts'
import { useWords } from './words-context.ts'

type Reason = RecordSummary['reasons'][number]

interface RecordProps {
  readonly phone: Phone
  readonly questionnaire: Questionnaire
  readonly record: RecordSummary
  readonly onBack: () => void
  /** Opens it again, at the question of a reason where one is given. */
  readonly onCorrect: (id: string, reason?: Reason) => void
}

/** One interview that was finished here: its state, what the server asks, the code of the slip. */
export function RecordScreen({ phone, questionnaire, record, onBack, onCorrect }: RecordProps): JSX.Element {
  const words = useWords()
  const { t, language } = words
  const [isAsking, setAsking] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const isHeld = record.state === 'held' || record.state === 'refused'
  const withdraw = async () => {
    try {
      await phone.withdraw(record.id, 'asked-by-household')
      onBack()
    } catch (error) {
      setTrouble(messageOf(error, words))
    }
  }
  return (
    <Page title={record.label === '' ? t('list.no-label') : record.label} onBack={onBack}>
      <p>
        <strong>{t(`state.${record.state}` as TextKey)}</strong>
        <br />
        {timeWords(record.updated, language)}
      </p>
      {isHeld && <Comment text={record.comment} />}
      {record.reasons.length > 0 && (
        <>
          <h2>{t('record.reasons')}</h2>
          <ul class="cards">
            {record.reasons.map((reason, index) => (
              <li key={index}>
                {isHeld ? (
                  <button type="button" class="card wrong" onClick={() => onCorrect(record.id, reason)}>
                    <Icon name="warn" />
                    <span class="grow">{reasonWords(reason, questionnaire, words)}</span>
                    <Icon name="next" mirrored />
                  </button>
                ) : (
                  reasonWords(reason, questionnaire, words)
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {isHeld && (
        <button type="button" class="plain wide" onClick={() => onCorrect(record.id)}>
          {t('record.correct')}
        </button>
      )}
      {record.withdrawalCode !== undefined && (
        <>
          <p>{t('record.code')}</p>
          <p class="slip" dir="ltr">
            {record.withdrawalCode}
          </p>
        </>
      )}
      {record.state !== 'withdrawn' && !isAsking && (
        <button type="button" class="plain wide" onClick={() => setAsking(true)}>
          {t('record.withdraw')}
        </button>
      )}
      {isAsking && (
        <Notice text={t('record.withdraw-sure')}>
          <div class="pair">
            <button type="button" class="plain" onClick={() => setAsking(false)}>
              {t('app.no')}
            </button>
            <button type="button" class="plain" onClick={() => void withdraw()}>
              {t('app.yes')}
            </button>
          </div>
        </Notice>
      )}
      <Notice text={trouble} />
    </Page>
  )
}

// The label of the check or question in words; the server never sends a value.
function reasonWords({ code, name }: Reason, { items, defaultLanguage }: Questionnaire, { language, known }: Words): string {
  const named = nodesOf(items).find(({ item }) => item.name === code || item.name === name)?.item
  const text = named?.label?.[language] ?? named?.label?.[defaultLanguage]
  return text?.replace(/\$\{\w+\}/g, '…') ?? known(`reason.${code}`, 'question.constraint')
}
