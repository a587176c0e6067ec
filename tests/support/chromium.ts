import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Without these Chromium calls home at every start, which fails behind a closed network and slows the tests. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The path of a Chromium: CHROMIUM_PATH, the machine's own, else Debian's package, else Playwright's download. Says which.
 * @throws Error when none can be had; browser tests never skip silently.
 */
export function findChromium(say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): string {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  const present = () => candidates.find((path) => existsSync(path))
  const machine = present()
  if (machine) return machine
  for (const [what, command] of installers) {
    say(`No Chromium here; installing ${what} for the browser tests …`)
    try {
      execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] })
    } catch {
      say(`${what} could not be installed.`)
      continue
    }
    const found = present() ?? downloaded()
    if (found) return found
  }
  throw new Error('The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.')
}

const installers = [
  [
    "Debian's package",
    'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core',
  ],
  ["Playwright's build", 'npx playwright-core install chromium'],
] as const

function downloaded(): string | undefined {
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: chromiumFlags })
}

/** A browser with a profile on disk: what survives a kill can be looked at. */
export async function launchWithProfile(
  folder: string,
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: findChromium(), args: chromiumFlags, ...options })
}

/** The phone that the interview is designed for. */
export const cheapPhone = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } as const
