import type { JSX } from 'preact'
import type { Row } from '../../schemas/interview/answers.ts'
import type { Outline } from '../interview/outline.ts'
import { Icon } from './icons.tsx'

/** The picture of a member. */
export function Avatar(_: { member: Row | undefined; outline: Outline }): JSX.Element {
  return (
    <span class="avatar">
      <Icon name="person" size={40} />
    </span>
  )
}
