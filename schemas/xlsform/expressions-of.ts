import type { Expression } from '../language/expression.ts'
import type { Item } from '../questionnaire.ts'

/** An expression of an item and the column it was written in. */
export interface Written {
  readonly column: 'relevant' | 'required' | 'constraint' | 'calculation' | 'choice_filter' | 'default' | 'repeat_count'
  readonly expression: Expression
}

/** Every expression of an item; plain defaults are not expressions. */
export function expressionsOf(item: Item): readonly Written[] {
  const written: (Written | undefined)[] = [at('relevant', item.relevant)]
  if (item.kind === 'repeat') written.push(at('repeat_count', item.count))
  if (item.kind === 'question') {
    written.push(
      at('required', item.required),
      at('constraint', item.constraint),
      at('calculation', item.calculation),
      at('choice_filter', item.choiceFilter),
      typeof item.default === 'object' ? at('default', item.default) : undefined,
    )
  }
  return written.filter((each) => each !== undefined)
}

function at(column: Written['column'], expression: Expression | undefined): Written | undefined {
  return expression === undefined ? undefined : { column, expression }
}

/** Every part of an expression, itself first. */
export function partsOf(expression: Expression): readonly Expression[] {
  if (typeof expression === 'number') return [expression]
  const inner = expression.slice(1).filter((part): part is Expression => Array.isArray(part) || typeof part === 'number')
  return [expression, ...inner.flatMap(partsOf)]
}
