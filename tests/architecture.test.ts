import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'

/** The pipeline in its order: a stage imports the stages before it, never one after it. */
const stages = [
  'inbox',
  'accounts',
  'fieldwork',
  'warehouse',
  'ingest',
  'custodian',
  'indicators',
  'disclosure',
  'releases',
  'formats',
  'portal',
] as const
/** What serves every stage. */
const serving = ['custody', 'http'] as const
/** The files that wire everything together. */
const wiring = /^aggregator\/(main|app|cli|open|config|problem)\.ts$/

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

let modules: readonly string[] = []
let imports: readonly Import[] = []

beforeAll(() => {
  modules = ['schemas', 'collector', 'aggregator'].flatMap(sources)
  imports = modules.flatMap(importsOf)
})

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') && !entry.parentPath.includes('generated'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Every import of ours carries its file ending, so that a line of text is enough to find what is meant. */
const importLine = /^\s*(?:(?:import|export)\s+(type\s)?[^'"]*?from\s+|import\s+|.*\bimport\()['"](\.{1,2}\/[^'"]+)['"]/gm

function importsOf(from: string): Import[] {
  const text = readFileSync(from, 'utf8')
  return [...text.matchAll(importLine)].map(([, type, target = '']) => ({
    from,
    to: normalize(join(dirname(from), target)),
    typeOnly: type !== undefined,
  }))
}

const top = (path: string) => path.split('/')[0]
const stage = (path: string) => (path.startsWith('aggregator/') && path.split('/').length > 2 ? path.split('/')[1] : undefined)
const listed = (broken: readonly Import[]) => broken.map(({ from, to }) => `${from} -> ${to}`)

describe('the house', () => {
  it('is seen: a check of no modules would always pass', () => {
    expect(modules.length).toBeGreaterThan(60)
    expect(imports.length).toBeGreaterThan(100)
  })

  it('keeps schemas free of both programs', () => {
    expect(listed(imports.filter(({ from, to }) => top(from) === 'schemas' && top(to) !== 'schemas'))).toEqual([])
  })

  it('lets collector and aggregator meet only over HTTP', () => {
    const crossing = imports.filter(
      ({ from, to }) => new Set([top(from), top(to)]).has('collector') && new Set([top(from), top(to)]).has('aggregator'),
    )
    expect(listed(crossing)).toEqual([])
  })

  it('lets a stage of the pipeline know only the stages before it', () => {
    const order = (name: string) => (stages as readonly string[]).indexOf(name)
    const backward = imports.filter(({ from, to }) => {
      const [here, there] = [stage(from), stage(to)]
      if (!here || !there || here === there || wiring.test(from)) return false
      if ((serving as readonly string[]).includes(there)) return false
      if ((serving as readonly string[]).includes(here)) return true
      return order(there) > order(here)
    })
    expect(listed(backward)).toEqual([])
  })

  it('keeps every folder of aggregator a stage or a servant', () => {
    const names = new Set(modules.map(stage).filter((name) => name !== undefined))
    expect([...names].filter((name) => !([...stages, ...serving] as string[]).includes(name))).toEqual([])
  })

  it('has no circles', async () => {
    const next = new Map<string, string[]>()
    for (const { from, to, typeOnly } of imports) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to])
    expect(findCircle(next)).toEqual([])
  })
})

function findCircle(next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const walk = (node: string, path: readonly string[]): readonly string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return []
    for (const each of next.get(node) ?? []) {
      const circle = walk(each, [...path, node])
      if (circle.length > 0) return circle
    }
    done.add(node)
    return []
  }
  for (const node of next.keys()) {
    const circle = walk(node, [])
    if (circle.length > 0) return circle
  }
  return []
}
