import { isApproved, reportHash, type RiskReport } from './risk-report.ts'

/** The report as one page without scripts or links, that also prints. */
export function riskPage(report: RiskReport): string {
  const { identity, population, attacker, tables, records, utility, attacks, decision } = report
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Risk report ${escape(identity.id)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #bbb;vertical-align:top}h2{margin-top:2rem}.no{font-weight:bold;text-decoration:underline}@media print{h2{break-after:avoid}}</style></head><body>
<h1>Risk report of release ${escape(identity.id)}</h1>
<p>${isApproved(report) ? 'Approved by two people.' : 'Not approved: two signatures are needed.'} SHA-256 ${reportHash(report)}</p>
${section('1. Identity', facts(identity))}
${section('2. Population and units', facts(population))}
${section('3. Attacker', `<p>${escape(attacker.promise)}</p><p>Not covered:</p><ul>${attacker.notCovered.map((each) => `<li>${escape(each)}</li>`).join('')}</ul>`)}
${section('4. Tables', facts({ 'cells in the plan': tables.cells, published: tables.published, withheld: tables.withheld, 'cannot exist': tables.impossible, 'linear programs': tables.linearPrograms, 'least upper bound of a small figure': tables.leastUpperBound, 'greatest lower bound of a small figure': tables.greatestLowerBound, 'certificates (primes)': tables.certificates, 'areas carried forward': tables.carried.join(', ') || 'none' }))}
${section('5. Records', records ? facts({ ...records.risk, 'levels of generalization': records.search.best.join(' ') }) : '<p>No records are released.</p>')}
${section('6. Utility', facts({ 'share published': percent(utility.publishedShare), 'share withheld': percent(utility.withheldShare), ...(utility.records ? { records: utility.records.records, dropped: utility.records.dropped } : {}) }) + list(utility.left.map(({ indicator, reason }) => `${indicator} is left out: ${reason}`)))}
${section('7. Attacks', `<table><thead><tr><th>Attack</th><th>Held</th><th>Mutant</th><th>What</th></tr></thead><tbody>${attacks.map((each) => `<tr><td>${escape(each.id)}</td><td>${mark(each.pass)}</td><td>${mark(each.mutant_caught)}</td><td>${escape(each.title)} (${escape(each.note)}; ${each.seconds} s)</td></tr>`).join('')}</tbody></table>`)}
${section('8. Decision', `<p>Residual risk: ${escape(decision.residualRisk)}</p>${list(decision.approvals.map(({ who, decision: what, at }) => `${what}: ${who}, ${at}`))}<p>Review: ${escape(decision.review ?? 'not set')}. In an incident: ${escape(decision.incidentContact)}</p>`)}
</body></html>
`
}

function section(title: string, content: string): string {
  return `<section><h2>${escape(title)}</h2>${content}</section>`
}

function facts(values: object): string {
  return `<table><tbody>${Object.entries(values)
    .map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(String(value ?? 'none'))}</td></tr>`)
    .join('')}</tbody></table>`
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((each) => `<li>${escape(each)}</li>`).join('')}</ul>`
}

const mark = (isTrue: boolean) => (isTrue ? 'yes' : '<span class="no">no</span>')
const percent = (share: number) => `${(100 * share).toFixed(1)}%`

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
