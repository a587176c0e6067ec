import { createContext, type FunctionComponent, type JSX } from 'preact'
import type { Choice } from '../../schemas/questionnaire.ts'
import type { ControlProps } from './controls/control.ts'

/** What changes in the answers while the respondent holds the phone. */
export interface RespondentTools {
  /** The small speaker of a choice; nothing where it was not recorded. */
  beside(choice: Choice): JSX.Element | null
  /** True while this choice is heard. */
  isHeard(choice: Choice): boolean
  /** "Tick all" as one yes or no after the other. */
  readonly Many: FunctionComponent<ControlProps>
}

export const RespondentContext = createContext<RespondentTools | undefined>(undefined)
