import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { AuditChain } from '../custody/audit-chain.ts'
import { codesOf, staleRules, type StaleRules, whatIsMissing } from '../ingest/derived-rules.ts'
import { editionOf, published } from '../ingest/follow-rules.ts'
import { rederive } from '../ingest/rederive.ts'
import { ProblemError } from '../problem.ts'
import { followRules, rulesFollowed } from '../warehouse/derivations.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { CustodyOffice } from './custody-office.ts'

/** What computing a round again did, or would do. */
export interface Recomputation {
  readonly round: string
  /** The version whose rules all records of the round follow now. */
  readonly rules: string
  /** What they followed before, with the records that count; empty when there was nothing to do. */
  readonly before: readonly { readonly asked: string; readonly rules: string; readonly records: number }[]
  /** Derived variables that have another value now, and in how many homes or people that count. */
  readonly changed: readonly { readonly variable: string; readonly rows: number }[]
}

/**
 * Brings the derived variables of a round to the rules of one version of its questionnaire, from the answers that are kept: all of it, with the
 * entry in the audit chain, or nothing. Records that come later with the same versions follow.
 * @param request.rules the version; default: the one the round names.
 * @throws ProblemError `not-recomputable` when an answer that decides a changed rule is not kept.
 */
export async function recomputeRound(
  { warehouse, audit, figures, round: findRound, questionnaire: find }: Places,
  request: { readonly round: string; readonly rules?: string; readonly dryRun: boolean },
): Promise<Recomputation> {
  const round = await findRound(request.round)
  const { id } = round.questionnaire
  const version = (number: string) => published({ find }, { id, version: number })
  const form = await version(round.questionnaire.version)
  const wanted = await version(request.rules ?? form.version)
  const edition = editionOf(wanted)
  await warehouse.prepare(wanted)
  const done = await warehouse.write(async (connection): Promise<Recomputation> => {
    const before = (await rulesFollowed(connection, round.id, id)).filter(({ rules }) => rules !== wanted.version)
    const changed = new Map<string, number>()
    const touched = new Set<string>()
    for (const each of before) {
      const stale = staleRules(await version(each.rules), wanted)
      const reasons = [...whatIsMissing(await version(each.asked), wanted, stale), ...otherCodes(form, wanted, stale)]
      if (reasons.length > 0) throw new ProblemError('not-recomputable', reasons.join(' '))
      for (const name of stale.variables) touched.add(name)
      const records = stale.variables.size === 0 ? [] : await recordsOf(connection, id, round.id, each.asked)
      for (const [name, rows] of await rederive(connection, { edition, round, stale, records }, request.dryRun))
        changed.set(name, (changed.get(name) ?? 0) + rows)
      if (!request.dryRun) await followRules(connection, { ...each, rules: wanted.version })
    }
    const did: Recomputation = {
      round: round.id,
      rules: wanted.version,
      before: before.map(({ asked, rules, records }) => ({ asked, rules, records })),
      changed: [...changed].map(([variable, rows]) => ({ variable, rows })),
    }
    if (before.length === 0 || request.dryRun) return did
    // Before the commit, so that no change goes unrecorded; if it is killed in between, the next run makes the entry again.
    await audit.append({
      actor: 'custodian',
      action: 'round.recomputed',
      subject: `round:${round.id}`,
      facts: {
        questionnaire: id,
        rules: wanted.version,
        before: [...new Set(before.map(({ rules }) => rules))].join(' '),
        variables: [...touched].join(' '),
      },
    })
    return did
  })
  if (done.before.length > 0 && !request.dryRun) figures?.forget(round.id)
  return done
}

type Places = Pick<CustodyOffice, 'warehouse' | 'figures' | 'round' | 'questionnaire'> & { readonly audit: Pick<AuditChain, 'append'> }

/** Tables of the round are made by the codes of the version it names. */
function otherCodes(form: Questionnaire, wanted: Questionnaire, { variables }: StaleRules): readonly string[] {
  return [...variables]
    .filter((name) => ![undefined, codesOf(wanted, name)].includes(codesOf(form, name)))
    .map((name) => `${name} has other codes in version ${form.version}, which the round names.`)
}

type Connection = Parameters<Parameters<Warehouse['write']>[0]>[0]

/** Ids of all versions of its records, those that do not count included: a decision may let them count later. */
async function recordsOf(connection: Connection, questionnaire: string, round: string, asked: string): Promise<readonly string[]> {
  const result = await connection.runAndReadAll(
    `select distinct record_id from ${quotedIdentifier(questionnaire)}
     where round = $round and questionnaire_version = $asked order by record_id`,
    { round, asked },
  )
  return result.getRows().map(([record]) => String(record))
}
