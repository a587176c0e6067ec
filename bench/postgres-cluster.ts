import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Cluster {
  /** Runs SQL; returns rows as lines, fields apart by tabs. */
  psql(sql: string): string
  stop(): void
}

/** Debian keeps initdb and pg_ctl out of the path. */
function binFolder(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort() : []
  const newest = versions.findLast((version) => existsSync(join(root, version, 'bin', 'initdb')))
  return newest === undefined ? null : join(root, newest, 'bin')
}

/**
 * A PostgreSQL of its own, without a port.
 * @param name of the cluster's folder. @param files that it is to read. @returns null when PostgreSQL is not installed.
 */
export function openCluster(folder: string, name: string, files: readonly string[]): Cluster | null {
  const bin = binFolder()
  if (bin === null) return null
  const cluster = join(folder, name)
  mkdirSync(cluster, { recursive: true })
  const isRoot = process.getuid?.() === 0
  // PostgreSQL refuses to run as root.
  const nobody = 65_534
  if (isRoot) for (const path of [folder, cluster, ...files]) chownSync(path, nobody, nobody)
  const run = (program: string, ...rest: string[]) => {
    const [command, ...parts] = isRoot
      ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', join(bin, program), ...rest]
      : [join(bin, program), ...rest]
    return execFileSync(command ?? '', parts, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  }
  run('initdb', '-D', cluster, '-A', 'trust', '-U', 'bench', '--no-sync')
  const settings = `-k ${cluster} -c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB`
  run('pg_ctl', '-D', cluster, '-w', '-l', join(cluster, 'log'), '-o', settings, 'start')
  return {
    psql: (sql) => run('psql', '-h', cluster, '-U', 'bench', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-qAtF', '\t', '-c', sql),
    stop: () => void run('pg_ctl', '-D', cluster, '-m', 'immediate', 'stop'),
  }
}
