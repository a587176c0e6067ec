import data from '../../schemas/dimensions.json' with { type: 'json' }
import type { Area } from '../../schemas/generated/records.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import { parseExpression } from '../../schemas/language/parse.ts'
import { type Choice, type Item, type Question, type Questionnaire, type Texts } from '../../schemas/questionnaire.ts'
import type { Dimension, DimensionNode } from './working-table.ts'

export const total = '_T'
export const unknown = '_U'

/** A dimension and how a record finds its place in it. */
export interface PlacedDimension {
  readonly dimension: Dimension
  /** Level of the records that have a place; a person also has the places of the household. */
  readonly level: 'person' | 'household'
  /** Null for REF_AREA, which lies in the column `area`. */
  readonly value: Expression | null
  /** Upper ages of the bands, with their node; else the node of each code. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly node: number }[]
  readonly nodeOf: ReadonlyMap<string, number>
  /** The node of whoever fits no other. */
  readonly unknownNode: number
}

interface DimensionData {
  readonly id: string
  readonly level: string
  readonly value: string
  readonly codes?: Readonly<Record<string, readonly string[]>>
  readonly bands?: Readonly<Record<string, readonly string[]>>
  readonly list?: string
}

/** Ids of all dimensions, areas first, in the order of tables. */
export const dimensionIds: readonly string[] = ['REF_AREA', ...data.dimensions.map(({ id }) => id)]

/**
 * A dimension by its id; the areas are those of the round. A question's name gives the dimension of its codes.
 * @throws RangeError when there is no such dimension.
 */
export function dimensionOf(id: string, questionnaire: Questionnaire, areas: readonly Area[]): PlacedDimension {
  if (id === 'REF_AREA') return areaDimension(areas)
  const found = (data.dimensions as unknown as readonly DimensionData[]).find((each) => each.id === id)
  if (!found) return listDimension(id, id, questionnaire)
  if (found.list) return { ...listDimension(id, found.list, questionnaire), level: found.level as 'person' }
  const placed = { level: found.level as 'person' | 'household', value: parseExpression(found.value) }
  return found.bands ? { ...bandDimension(id, found.bands), ...placed } : { ...codeDimension(id, found.codes ?? {}), ...placed }
}

type Shape = Pick<PlacedDimension, 'dimension' | 'nodeOf' | 'unknownNode' | 'bands'>

function codeDimension(id: string, codes: Readonly<Record<string, readonly string[]>>): Shape {
  const nodes: DimensionNode[] = [
    { code: total, parent: null },
    ...Object.keys(codes).map((code) => ({ code, parent: 0 })),
    { code: unknown, parent: 0 },
  ]
  const nodeOf = new Map(Object.values(codes).flatMap((values, index) => values.map((value) => [value, index + 1] as const)))
  return { dimension: { id, nodes }, nodeOf, unknownNode: nodes.length - 1 }
}

function bandDimension(id: string, tree: Readonly<Record<string, readonly string[]>>): Shape {
  const nodes: DimensionNode[] = [{ code: total, parent: null }]
  const bands: { from: number; to: number; node: number }[] = []
  for (const [broad, narrow] of Object.entries(tree)) {
    const parent = nodes.push({ code: broad, parent: 0 }) - 1
    if (narrow.length === 0) bands.push({ ...yearsOf(broad), node: parent })
    for (const code of narrow) bands.push({ ...yearsOf(code), node: nodes.push({ code, parent }) - 1 })
  }
  const unknownNode = nodes.push({ code: unknown, parent: 0 }) - 1
  return { dimension: { id, nodes }, nodeOf: new Map(), unknownNode, bands }
}

/** Completed years of an SDMX age code. */
function yearsOf(code: string): { readonly from: number; readonly to: number } {
  const [, from, to] = /^Y(\d+)T(\d+)$/.exec(code) ?? []
  if (from && to) return { from: Number(from), to: Number(to) }
  return { from: Number(/^Y_GE(\d+)$/.exec(code)?.[1]), to: Number.POSITIVE_INFINITY }
}

function listDimension(id: string, name: string, questionnaire: Questionnaire): PlacedDimension {
  const found = findQuestion(questionnaire.items, name)
  const choices: readonly Choice[] | undefined = questionnaire.lists[found?.question.list ?? '']?.choices
  if (!found || !choices) throw new RangeError(`There is no dimension ${id} in this questionnaire.`)
  // "Don't know" and "prefer not to say" are answers to a question, not places where somebody belongs.
  const codes = choices.map((choice) => choice.name).filter((code) => code !== '98' && code !== '99')
  return { ...codeDimension(id, Object.fromEntries(codes.map((code) => [code, [code]]))), level: found.level, value: ['ref', name] }
}

/** The question itself names a person of the household, so its dimension is called what it holds. */
const answer: Texts = { en: 'Answer', fil: 'Sagot', id: 'Jawaban', bn: 'উত্তর', ne: 'उत्तर', ar: 'الإجابة' }

/** Names of a dimension whose codes are the answers to a question; undefined for any other. */
export function answersOf(
  id: string,
  questionnaire: Questionnaire,
): { readonly label: Texts; readonly codes: Readonly<Record<string, Texts>> } | undefined {
  const name = (data.dimensions as unknown as readonly DimensionData[]).find((each) => each.id === id)?.list ?? id
  const choices = questionnaire.lists[findQuestion(questionnaire.items, name)?.question.list ?? '']?.choices
  return choices && { label: answer, codes: Object.fromEntries(choices.map((each) => [each.name, each.label])) }
}

function findQuestion(
  items: readonly Item[],
  name: string,
  level: 'person' | 'household' = 'household',
): { readonly question: Question; readonly level: 'person' | 'household' } | undefined {
  for (const item of items) {
    if (item.kind === 'question') {
      if (item.name === name) return { question: item, level }
    } else {
      const found = findQuestion(item.items, name, item.kind === 'repeat' ? 'person' : level)
      if (found) return found
    }
  }
  return undefined
}

/**
 * The tree of the round's areas, any depth. A single country at the top is the total itself.
 * Records of an area that is not a leaf of the tree stand under _U, so that totals stay complete and the misfit is seen.
 */
export function areaDimension(areas: readonly Area[]): PlacedDimension {
  const tops = areas.filter(({ parent }) => parent === undefined || !areas.some(({ code }) => code === parent))
  const [top] = tops
  const nodes: DimensionNode[] = [{ code: total, parent: null }]
  const nodeOf = new Map<string, number>()
  const add = (area: Area, parent: number): void => {
    const children = areas.filter((each) => each.parent === area.code)
    const isTotal = area === top && tops.length === 1 && area.level === 'country'
    const node = isTotal ? 0 : nodes.push({ code: area.code, parent }) - 1
    if (children.length === 0) nodeOf.set(area.code, node)
    for (const child of children) add(child, node)
  }
  for (const area of tops) add(area, 0)
  const unknownNode = nodes.push({ code: unknown, parent: 0 }) - 1
  return { dimension: { id: 'REF_AREA', nodes }, level: 'household', value: null, nodeOf, unknownNode }
}
