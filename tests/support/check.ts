// Everything that must hold besides the tests; prints one line per check and a closing count. Used by `npm run check` and .ci/run.
import { spawnSync } from 'node:child_process'

interface Check {
  readonly title: string
  readonly command: string
}

const checks: readonly Check[] = [
  { title: 'types', command: 'npx tsc -p .' },
  { title: 'lint', command: 'npx oxlint --type-aware --quiet' },
  { title: 'format', command: 'npx biome format .' },
  {
    title: 'generated files are fresh',
    command:
      'npm run --silent generate && git diff --exit-code --stat -- schemas/generated && test -z "$(git status --porcelain -- schemas/generated)"',
  },
  { title: 'compose file', command: 'npx dclint --quiet docker-compose.yml' },
  { title: 'licences of what is shipped', command: 'node --import tsx tests/support/licences.ts' },
]

let failed = 0
for (const { title, command } of checks) {
  const started = Date.now()
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)`)
  if (status !== 0) {
    failed++
    console.log(`${stdout}${stderr}`.trimEnd().split('\n').slice(-60).join('\n'))
  }
}
console.log(`${checks.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
