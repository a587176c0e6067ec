import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import problems from '../schemas/problems.json' with { type: 'json' }

const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...files('docs', '.md')]
const read = (path: string) => readFileSync(path, 'utf8')
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

function files(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
}

describe.each(pages)('%s', (path) => {
  const text = read(path)

  it('links only to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => link ?? '')
      .filter((link) => !/^(https?:|mailto:)/.test(link))
    expect(links.filter((link) => !existsSync(normalize(join(dirname(path), link))))).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run (?:--silent )?)([a-z:-]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  })
})

describe('every npm script', () => {
  it('names a file that exists', () => {
    const named = Object.values(scripts).flatMap((command) => [...command.matchAll(/[\w./-]+\.ts\b/g)].map(([file]) => file))
    expect(named.filter((file) => !existsSync(file))).toEqual([])
  })
})

describe('the environment', () => {
  const used = new Set([...read('aggregator/config.ts').matchAll(/'((?:TALA|COUCHDB)_[A-Z_]+)'/g)].map(([, name]) => name ?? ''))
  const explained = new Set([...read('.env.example').matchAll(/^#?\s?([A-Z_]+)=/gm)].map(([, name]) => name ?? ''))

  it('is explained in .env.example, every variable and no other', () => {
    expect([...used].toSorted()).toEqual([...explained].toSorted())
  })
})

describe('problems', () => {
  const sources = [...files('aggregator', '.ts'), ...files('collector', '.ts')].map(read).join('\n')

  it.each(Object.keys(problems))('%s is used', (type) => {
    expect(sources.includes(`'${type}'`)).toBe(true)
  })
})

describe('public text', () => {
  it('never says of a person what the house rule forbids', () => {
    const word = new RegExp(`\\b${['il', 'legal'].join('')}s?\\b`, 'i')
    const texts = [
      ...files('schemas', '.csv').filter((path) => !path.includes('examples/invalid')),
      ...files('schemas/indicators', '.json'),
      ...files('collector/text', '.json'),
      ...files('aggregator/portal', '.json'),
      'README.md',
    ]
    expect(texts.filter((path) => word.test(read(path)))).toEqual([])
  })
})
