import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { stateOfMember } from '../interview/members.ts'
import type { MemberState } from '../interview/member-state.ts'
import type { Session } from '../interview/session.ts'
import { rowAt } from '../interview/values.ts'
import type { Words } from '../text/words.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

interface MemberCardProps {
  readonly session: Session
  readonly repeat: string
  readonly row: string
  readonly name: string
  /** Where a tap leads. */
  readonly target: 'questions' | 'menu'
  readonly onOpen: (row: string) => void
  readonly onMenu: (row: string) => void
}

/** A member: picture, name, age, and the state in words. Drawn anew only when one of these changes, because a roster can hold 200. */
export function MemberCard({ session, repeat, row, name, target, onOpen, onMenu }: MemberCardProps): JSX.Element {
  const words = useWords()
  const { form, outline, draft } = session
  const state = stateOfMember(form, outline, draft.answers, repeat, row)
  const member = rowAt(draft.answers, repeat, row)
  const said = stateWords(state, words)
  return useMemo(() => {
    const { t } = words
    const age = (outline.concepts.get('age') ?? []).map((each) => member?.[each]).find((each) => typeof each === 'number' && each >= 0)
    return (
      <div class={`member ${state.kind}`}>
        <button type="button" class="card" onClick={() => onOpen(row)}>
          <Avatar member={member} outline={outline} />
          <span class="grow">
            <strong>
              <bdi>{name}</bdi>
            </strong>
            <small>
              {typeof age === 'number' && `${t('member.years', { count: age })} · `}
              {said}
            </small>
          </span>
        </button>
        <button type="button" class="menu" aria-label={t('roster.menu', { name })} onClick={() => onMenu(row)}>
          <Icon name="more" />
        </button>
      </div>
    )
  }, [member, name, said, words, outline, row, target])
}

export function stateWords(state: MemberState, { t }: Words): string {
  switch (state.kind) {
    case 'new':
      return t('member.new')
    case 'started':
      return t('member.left', { count: state.left })
    case 'done':
      return t('member.done')
    default:
      return state satisfies never
  }
}
