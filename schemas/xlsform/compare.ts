import { type Node, nodesOf } from '../interview/nodes.ts'
import { toWords, type WordNames } from '../language/to-words.ts'
import type { Question, Questionnaire } from '../questionnaire.ts'
import { namesIn, plainText, universeOf } from './variables.ts'

export type ChangeKind =
  | 'added'
  | 'removed'
  | 'renamed'
  | 'moved'
  | 'retyped'
  | 'recoded'
  | 'relabelled'
  | 'wording'
  | 'universe'
  | 'rule'
  | 'calculation'
  | 'concept'
  | 'sensitivity'

/** One difference between two versions of a questionnaire. */
export interface Change {
  readonly kind: ChangeKind
  /** The question in the newer version; in the older one when it was removed. */
  readonly name: string
  readonly words: string
  /** False when figures from this column must not be put beside those of the older version without a mapping. */
  readonly comparable: boolean
}

/** What an author must settle before the newer version is used. */
export interface VersionProblem {
  readonly name: string
  readonly message: string
}

export interface Comparison {
  readonly changes: readonly Change[]
  readonly problems: readonly VersionProblem[]
}

interface Pair {
  readonly before: Node & { readonly item: Question }
  readonly after: Node & { readonly item: Question }
}

type QuestionNode = Node & { readonly item: Question }

/** The differences between two versions, in words, and what breaks the promise of an unchanged concept. */
export function compareQuestionnaires(older: Questionnaire, newer: Questionnaire): Comparison {
  const before = questionsOf(older)
  const after = questionsOf(newer)
  const renamed = renamings(before, after)
  const gone = [...before.values()].filter(({ item }) => !after.has(item.name) && ![...renamed.values()].includes(item.name))
  const changes: Change[] = gone.map(({ item }) => ({
    kind: 'removed',
    name: item.name,
    words: `${item.name} is no longer asked: "${wording(item, older)}".`,
    comparable: false,
  }))
  const problems: VersionProblem[] = []
  for (const node of after.values()) {
    const old = before.get(renamed.get(node.item.name) ?? node.item.name)
    if (old === undefined) {
      changes.push({
        kind: 'added',
        name: node.item.name,
        words: `${node.item.name} is new: "${wording(node.item, newer)}".`,
        comparable: false,
      })
      continue
    }
    const found = changesOf({ before: old, after: node }, older, newer)
    changes.push(...found)
    problems.push(...brokenPromise(old.item, node.item, found))
  }
  if (older.id !== newer.id) {
    problems.push({
      name: newer.id,
      message: `These are two surveys, ${older.id} and ${newer.id}, not two versions of one. Keep the form_id.`,
    })
  }
  if (older.version === newer.version && changes.length > 0) {
    problems.push({
      name: newer.id,
      message: `The content changed but the version is still ${newer.version}. Raise it: records name the version they were collected with.`,
    })
  }
  return { changes, problems }
}

/** Columns whose figures may stand beside each other in every one of these versions. */
export function comparableColumns(versions: readonly Questionnaire[]): readonly string[] {
  const [first, ...others] = versions
  if (first === undefined) return []
  return [...questionsOf(first).keys()].filter((name) =>
    others.every((other, index) => {
      const { changes } = compareQuestionnaires(versions[index] ?? first, other)
      return questionsOf(other).has(name) && !changes.some((change) => change.name === name && !change.comparable)
    }),
  )
}

export function questionsOf({ items }: Questionnaire): ReadonlyMap<string, QuestionNode> {
  const nodes = nodesOf(items).filter((node): node is QuestionNode => node.item.kind === 'question' && node.item.type !== 'note')
  return new Map(nodes.map((node) => [node.item.name, node]))
}

/** New name -> old name, where a question kept its concept or its words and only the name changed. */
export function renamings(
  before: ReadonlyMap<string, QuestionNode>,
  after: ReadonlyMap<string, QuestionNode>,
): ReadonlyMap<string, string> {
  const gone = [...before.values()].filter(({ item }) => !after.has(item.name))
  const pairs = [...after.values()]
    .filter(({ item }) => !before.has(item.name))
    .flatMap(({ item }) => {
      const same = gone.filter((old) => old.item.type === item.type && sameQuestion(old.item, item))
      return same.length === 1 && same[0] !== undefined ? [[item.name, same[0].item.name] as const] : []
    })
  return new Map(pairs.filter(([, old]) => pairs.filter((pair) => pair[1] === old).length === 1))
}

function sameQuestion(a: Question, b: Question): boolean {
  const label = (question: Question): string =>
    Object.values(question.label ?? {})
      .map(plain)
      .join('|')
  return label(a) !== '' && label(a) === label(b)
}

function changesOf({ before, after }: Pair, older: Questionnaire, newer: Questionnaire): readonly Change[] {
  const [was, is] = [before.item, after.item]
  const change = (kind: ChangeKind, words: string, comparable: boolean): Change => ({
    kind,
    name: is.name,
    words: `${is.name}: ${words}`,
    comparable,
  })
  const changes: Change[] = []
  if (was.name !== is.name) changes.push(change('renamed', `was called ${was.name}.`, true))
  if (before.repeat?.name !== after.repeat?.name)
    changes.push(
      change('moved', `was asked of ${before.repeat?.name ?? 'the household'}, now of ${after.repeat?.name ?? 'the household'}.`, false),
    )
  if (typeOf(was) !== typeOf(is)) changes.push(change('retyped', `was ${typeOf(was)}, now ${typeOf(is)}.`, false))
  changes.push(...listChanges(was, is, older, newer, change))
  if (plain(wording(was, older)) !== plain(wording(is, newer)))
    changes.push(change('wording', `asked "${wording(was, older)}", now "${wording(is, newer)}".`, was.concept === is.concept))
  if (was.concept !== is.concept)
    changes.push(change('concept', `concept was ${was.concept ?? 'none'}, now ${is.concept ?? 'none'}.`, false))
  if (was.sensitivity !== is.sensitivity) changes.push(change('sensitivity', `was ${was.sensitivity}, now ${is.sensitivity}.`, true))
  const [oldNames, newNames] = [namesIn(older), namesIn(newer)]
  const universes = [universeOf([...before.groups, was], oldNames), universeOf([...after.groups, is], newNames)] as const
  if (universes[0] !== universes[1]) changes.push(change('universe', `asked ${only(universes[0])}, now ${only(universes[1])}.`, false))
  const rules = [ruleOf(was, oldNames), ruleOf(is, newNames)] as const
  if (rules[0] !== rules[1]) changes.push(change('rule', `rule was ${rules[0] || 'none'}, now ${rules[1] || 'none'}.`, true))
  if (JSON.stringify(was.calculation) !== JSON.stringify(is.calculation))
    changes.push(change('calculation', 'is computed in another way.', false))
  return changes
}

function listChanges(
  was: Question,
  is: Question,
  older: Questionnaire,
  newer: Questionnaire,
  change: (kind: ChangeKind, words: string, comparable: boolean) => Change,
): readonly Change[] {
  const [old, now] = [codesOf(was, older), codesOf(is, newer)]
  if (old === undefined || now === undefined) return []
  const added = [...now.keys()].filter((code) => !old.has(code))
  const removed = [...old.keys()].filter((code) => !now.has(code))
  const relabelled = [...now].filter(([code, label]) => old.has(code) && plain(old.get(code) ?? '') !== plain(label)).map(([code]) => code)
  const changes: Change[] = []
  if (added.length + removed.length > 0) {
    const words = [added.length > 0 && `new codes ${added.join(', ')}`, removed.length > 0 && `no longer codes ${removed.join(', ')}`]
      .filter(Boolean)
      .join('; ')
    changes.push(change('recoded', `${words}.`, false))
  }
  if (relabelled.length > 0)
    changes.push(
      change(
        'relabelled',
        relabelled.map((code) => `${code} was "${old.get(code) ?? ''}", now "${now.get(code) ?? ''}"`).join('; ') + '.',
        was.concept === is.concept,
      ),
    )
  return changes
}

/** Code -> label in the default language. */
export function codesOf({ list }: Question, { lists, defaultLanguage }: Questionnaire): ReadonlyMap<string, string> | undefined {
  if (list === undefined) return undefined
  return new Map((lists[list]?.choices ?? []).map(({ name, label }) => [name, plainText(label, defaultLanguage)]))
}

// A concept id names a version of a definition: new words or codes under the old id would hide a break in the series.
function brokenPromise(was: Question, is: Question, changes: readonly Change[]): readonly VersionProblem[] {
  if (is.concept === undefined || was.concept !== is.concept) return []
  const broken = changes.filter(({ kind }) => kind === 'wording' || kind === 'recoded' || kind === 'relabelled' || kind === 'retyped')
  if (broken.length === 0) return []
  const [id = is.concept, version = '1'] = is.concept.split('/')
  return [
    {
      name: is.name,
      message: `${broken.map(({ words }) => words).join(' ')} The concept is still ${is.concept}. Raise it to ${id}/${Number(version) + 1}, or take the change back.`,
    },
  ]
}

const typeOf = ({ type, valueType }: Question): string => valueType ?? type
const wording = ({ label, name }: Question, { defaultLanguage }: Questionnaire): string => plainText(label, defaultLanguage) || name
const ruleOf = ({ constraint }: Question, names: WordNames): string => (constraint === undefined ? '' : toWords(constraint, names))
const only = (universe: string): string => (universe === '' ? 'everybody' : `only when ${universe}`)
// A comma or a capital more is not another wording.
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim()
