import type { JSX } from 'preact'
import { Acknowledge } from './acknowledge.tsx'
import { SelectMany, SelectOne } from './choices.tsx'
import type { ControlProps } from './control.ts'
import { DateField } from './date.tsx'
import { Geopoint } from './geopoint.tsx'
import { ImageField } from './image.tsx'
import { NumberField } from './number.tsx'
import { RangeField } from './range.tsx'
import { RankField } from './rank.tsx'
import { TextField } from './text.tsx'
import { TimeField } from './time.tsx'

/** The field for a question, by its type. A note has none. */
export function Field(props: ControlProps): JSX.Element | null {
  const { type } = props.question
  switch (type) {
    case 'select_one':
      return <SelectOne {...props} />
    case 'select_multiple':
      return <SelectMany {...props} />
    case 'integer':
    case 'decimal':
      return <NumberField {...props} />
    case 'range':
      return <RangeField {...props} />
    case 'date':
      return <DateField {...props} />
    case 'time':
    case 'datetime':
      return <TimeField {...props} />
    case 'acknowledge':
      return <Acknowledge {...props} />
    case 'geopoint':
      return <Geopoint {...props} />
    case 'image':
      return <ImageField {...props} />
    case 'rank':
      return <RankField {...props} />
    case 'text':
    case 'barcode':
    case 'audio':
      return <TextField {...props} />
    case 'note':
    case 'calculate':
    case 'hidden':
    case 'start':
    case 'end':
    case 'today':
    case 'deviceid':
      return null
    default:
      return type satisfies never
  }
}
