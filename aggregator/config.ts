import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Everything the environment decides, checked once at start. Every variable stands in .env.example. */
export interface Config {
  /** Folder of the embedded stores, the warehouse, the keyring and the releases. */
  readonly dataFolder: string
  readonly host: string
  readonly port: number
  /** The address phones and readers use; in enrolment links and citations. */
  readonly publicUrl: string
  /** Where a resident can ask about the figures, in the office's words; stands on every community sheet. */
  readonly contact: string
  /** CouchDB 3.x instead of the embedded store; with user and password in it, from the address or from COUCHDB_USER and COUCHDB_PASSWORD. */
  readonly couchdbUrl: string | null
  /** Keys lie in the data folder, or come from TALA_KEYRING or TALA_KEYRING_FILE (custody/environment-keyring.ts reads them). */
  readonly keyring: 'folder' | 'environment'
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  /** Below this free space the gateway answers 503 and nothing is lost, in bytes. */
  readonly diskFloorBytes: number
  /** Number of proxies in front whose X-Forwarded-For is believed. */
  readonly trustedProxies: number
  /** OpenID Connect provider at which people of the office may sign in; null: accounts of Tala only. */
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | null
}

export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((each) => `  - ${each}`).join('\n')}`)
    this.problems = problems
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** @throws ConfigError with all problems at once. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const text = (name: string, otherwise: string) => env[name]?.trim() || otherwise
  const whole = (name: string, otherwise: number, least: number, most: number) => {
    const value = env[name]?.trim() ? Number(env[name]) : otherwise
    if (!Number.isInteger(value) || value < least || value > most) problems.push(`${name} must be a whole number from ${least} to ${most}.`)
    return value
  }
  const url = (name: string, otherwise: string | null) => {
    const value = env[name]?.trim() || otherwise
    if (value !== null && !/^https?:\/\/[^\s]+$/.test(value)) problems.push(`${name} must be an http or https address.`)
    return value
  }
  const secret = (name: string, fileName: string) => {
    const file = text(fileName, '')
    try {
      return file === '' ? text(name, '') : readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${fileName} names a file that cannot be read.`)
      return ''
    }
  }
  const port = whole('TALA_PORT', 8080, 0, 65535)
  const host = text('TALA_HOST', '127.0.0.1')
  const logLevel = logLevels.find((each) => each === text('TALA_LOG_LEVEL', 'info'))
  if (!logLevel) problems.push(`TALA_LOG_LEVEL must be one of ${logLevels.join(', ')}.`)
  const config: Config = Object.freeze({
    dataFolder: resolve(text('TALA_DATA', 'data')),
    host,
    port,
    publicUrl: (url('TALA_PUBLIC_URL', `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`) ?? '').replace(/\/$/, ''),
    contact: text('TALA_CONTACT', ''),
    couchdbUrl: withLogin(url('COUCHDB_URL', null), text('COUCHDB_USER', ''), text('COUCHDB_PASSWORD', '')),
    keyring: env['TALA_KEYRING'] || env['TALA_KEYRING_FILE'] ? 'environment' : 'folder',
    logLevel: logLevel ?? 'info',
    diskFloorBytes: whole('TALA_DISK_FLOOR_MB', 200, 0, 1_000_000) * 1_000_000,
    trustedProxies: whole('TALA_TRUSTED_PROXIES', 0, 0, 10),
    oidc: providerOf(
      url('TALA_OIDC_ISSUER', null),
      text('TALA_OIDC_CLIENT_ID', ''),
      secret('TALA_OIDC_CLIENT_SECRET', 'TALA_OIDC_CLIENT_SECRET_FILE'),
      problems,
    ),
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function withLogin(address: string | null, user: string, password: string): string | null {
  if (address === null || user === '' || !URL.canParse(address)) return address
  const url = new URL(address)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  return url.href.replace(/\/$/, '')
}

function providerOf(issuer: string | null, clientId: string, clientSecret: string, problems: string[]): Config['oidc'] {
  if (issuer === null) return null
  if (!issuer.startsWith('https:') && !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])([:/]|$)/.test(issuer))
    problems.push('TALA_OIDC_ISSUER must be an https address.')
  if (clientId === '' || clientSecret === '') problems.push('TALA_OIDC_ISSUER needs TALA_OIDC_CLIENT_ID and TALA_OIDC_CLIENT_SECRET too.')
  return { issuer, clientId, clientSecret }
}
