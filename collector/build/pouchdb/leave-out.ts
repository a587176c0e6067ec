import type { Plugin } from 'vite'

/** Methods of PouchDB that no phone of ours calls, by package; called all the same they are a TypeError. */
export const leftOut: Readonly<Record<string, readonly string[]>> = {
  'pouchdb-core': [
    'post',
    'putAttachment',
    'removeAttachment',
    'getAttachment',
    'remove',
    'revsDiff',
    'bulkGet',
    'compactDocument',
    'compact',
    '_compact',
    'changes',
    'purge',
    'registerDependentDatabase',
    'defaults',
    'fetch',
  ],
  'pouchdb-adapter-idb': ['_getAttachment', '_changes', '_getRevisionTree', '_doCompaction', '_putLocal', '_removeLocal'],
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly expression?: Node
  readonly left?: Node
  readonly property?: Node
  readonly key?: Node
  readonly name?: string
}

/** Takes them out of the source, so that the bundler drops what only they needed. @throws when PouchDB no longer has one of them. */
export function withoutUnusedMethods(): Plugin {
  return {
    name: 'tala-pouchdb-without-unused-methods',
    enforce: 'pre',
    transform(code, id) {
      const [, name = ''] = /node_modules\/(pouchdb-[a-z-]+)\//.exec(id) ?? []
      const wanted = leftOut[name]
      if (!wanted) return undefined
      const found = methodsIn(this.parse(code) as Node).filter((method) => wanted.includes(method.name))
      const missing = wanted.filter((each) => !found.some((method) => method.name === each))
      if (missing.length > 0) this.error(`${name} has no ${missing.join(', ')}: look again at what the phone leaves out.`)
      const shorter = found
        .toSorted((a, b) => b.start - a.start)
        .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), code)
      return { code: shorter, map: null }
    },
  }
}

interface Method {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** `object.name = …` as a statement of its own, and methods of classes. */
function methodsIn(node: Node): readonly Method[] {
  const name = nameOf(node)
  if (name !== undefined) return [{ name, start: node.start, end: node.end }, ...childrenOf(node).flatMap(methodsIn)]
  return childrenOf(node).flatMap(methodsIn)
}

function nameOf({ type, expression, key }: Node): string | undefined {
  if (type === 'MethodDefinition') return key?.name
  return type === 'ExpressionStatement' && expression?.type === 'AssignmentExpression' ? expression.left?.property?.name : undefined
}

const childrenOf = (node: Node): readonly Node[] =>
  Object.values(node)
    .flat()
    .filter((each: unknown): each is Node => typeof each === 'object' && each !== null && 'type' in each)
