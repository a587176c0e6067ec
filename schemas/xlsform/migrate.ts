import type { Answer, Answers, Place, Row } from '../interview/answers.ts'
import type { Form } from '../interview/form.ts'
import type { Questionnaire } from '../questionnaire.ts'
import { codesOf, questionsOf, renamings } from './compare.ts'

/** How one column of an older version becomes one of a newer: its name, and its codes where they changed. */
export interface ColumnMapping {
  readonly from: string
  readonly to: string
  /** Old code -> new code; null when nothing in the new list means the same. Absent: values stay. */
  readonly codes?: Readonly<Record<string, string | null>>
}

/**
 * Mapping rules from an older version to a newer: same names and types stay, renamed questions follow, a code that is gone maps to null
 * until a person decides otherwise. Retyped and moved questions have no rule.
 */
export function mappingBetween(older: Questionnaire, newer: Questionnaire): readonly ColumnMapping[] {
  const [before, after] = [questionsOf(older), questionsOf(newer)]
  const renamed = renamings(before, after)
  return [...after.values()].flatMap((node) => {
    const from = renamed.get(node.item.name) ?? node.item.name
    const old = before.get(from)
    if (old === undefined || old.repeat?.name !== node.repeat?.name || old.item.type !== node.item.type) return []
    const codes = codeMapping(codesOf(old.item, older), codesOf(node.item, newer))
    return [{ from, to: node.item.name, ...(codes && { codes }) }]
  })
}

function codeMapping(
  old: ReadonlyMap<string, string> | undefined,
  now: ReadonlyMap<string, string> | undefined,
): ColumnMapping['codes'] | undefined {
  if (old === undefined || now === undefined) return undefined
  const byLabel = new Map([...now].map(([code, label]) => [label, code]))
  const pairs = [...old].map(([code, label]) => [code, now.has(code) ? code : (byLabel.get(label) ?? null)] as const)
  return pairs.every(([code, to]) => code === to) ? undefined : Object.fromEntries(pairs)
}

/**
 * Moves the answers of an open draft to a newer version. `lost` names the places, in the older version, whose answer has no rule;
 * the enumerator is told to ask again. Calculations are the newer form's.
 */
export function migrateAnswers(
  answers: Answers,
  mappings: readonly ColumnMapping[],
  form: Form,
): { readonly answers: Answers; readonly lost: readonly Place[] } {
  const lost: Place[] = []
  const rules = new Map(mappings.map((mapping) => [mapping.from, mapping]))
  const moved = moveAll(answers, rules, (name) => lost.push({ name }))
  for (const [repeat, rows] of Object.entries(answers)) {
    if (!isRoster(rows)) continue
    const kept = rows.map((row) => ({ ...moveAll(row, rules, (name) => lost.push({ name, repeat, row: row._id })), _id: row._id }))
    if (hasRepeat(form, repeat)) Object.assign(moved, { [repeat]: kept })
    else lost.push({ name: repeat })
  }
  return { answers: form.calculate(moved), lost }
}

function moveAll(holder: Answers | Row, rules: ReadonlyMap<string, ColumnMapping>, lose: (name: string) => void): Record<string, Answer> {
  const moved: Record<string, Answer> = {}
  for (const [name, value] of Object.entries(holder)) {
    if (value === undefined || name === '_id' || isRoster(value)) continue
    const rule = rules.get(name)
    const mapped = rule === undefined ? undefined : mapValue(value, rule.codes)
    if (rule === undefined || mapped === undefined) lose(name)
    else moved[rule.to] = mapped
  }
  return moved
}

function mapValue(value: Answer, codes: ColumnMapping['codes']): Answer | undefined {
  if (codes === undefined) return value
  if (!Array.isArray(value)) return codes[String(value)] ?? undefined
  const mapped = value.map((code: string) => codes[code])
  return mapped.some((code) => code === null || code === undefined) ? undefined : mapped.filter((code) => typeof code === 'string')
}

const isRoster = (value: unknown): value is readonly Row[] => Array.isArray(value) && value.some((row) => typeof row === 'object')

function hasRepeat({ questionnaire }: Form, name: string): boolean {
  const search = (items: Questionnaire['items']): boolean =>
    items.some((item) => item.kind !== 'question' && ((item.kind === 'repeat' && item.name === name) || search(item.items)))
  return search(questionnaire.items)
}
