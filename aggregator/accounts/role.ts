/** What people of the office do. Enumerators and supervisors work with phones; everybody else works here. */
export const roles = ['enumerator', 'supervisor', 'statistician', 'custodian', 'reader', 'administrator'] as const
export type Role = (typeof roles)[number]

/** One thing that can be allowed. Named after what is done, not after a page. */
export type Act =
  | 'manage-people'
  | 'manage-phones'
  | 'see-fieldwork'
  | 'review-records'
  | 'see-working-tables'
  | 'query'
  | 'plan-release'
  | 'make-release'
  | 'approve-release'
  | 'request-extract'
  | 'decide-agreement'
  | 'see-audit'

/**
 * Who makes something does not approve it alone: the statistician plans, the custodian (the data-protection officer) approves,
 * and who runs the server sees neither tables nor requests.
 */
const allowed: Readonly<Record<Role, readonly Act[]>> = {
  enumerator: [],
  supervisor: ['see-fieldwork', 'review-records'],
  statistician: ['see-fieldwork', 'see-working-tables', 'query', 'plan-release', 'make-release'],
  custodian: ['see-fieldwork', 'plan-release', 'approve-release', 'decide-agreement', 'see-audit'],
  reader: ['request-extract'],
  administrator: ['manage-people', 'manage-phones', 'see-fieldwork'],
}

/** Somebody who is signed in. */
export interface Actor {
  /** Account name; in the audit chain as `person:<login>`. */
  readonly login: string
  readonly roles: readonly Role[]
  /** Area codes this person is limited to, with everything below them; empty: everywhere. */
  readonly areas: readonly string[]
}

export function may({ roles: held }: Pick<Actor, 'roles'>, act: Act): boolean {
  return held.some((role) => allowed[role].includes(act))
}

/** @param register the areas of the round, each with its parent. */
export function mayInArea(
  actor: Pick<Actor, 'roles' | 'areas'>,
  act: Act,
  area: string,
  register: readonly { readonly code: string; readonly parent?: string }[],
): boolean {
  if (!may(actor, act)) return false
  if (actor.areas.length === 0) return true
  const parentOf = new Map(register.map(({ code, parent }) => [code, parent]))
  for (let code: string | undefined = area; code !== undefined; code = parentOf.get(code)) if (actor.areas.includes(code)) return true
  return false
}
