import { describe, expect, it } from 'vitest'
import { type Act, may, mayInArea, type Role, roles } from '../../../aggregator/accounts/role.ts'

const who = (act: Act): readonly Role[] => roles.filter((role) => may({ roles: [role] }, act))

describe('what a role may do', () => {
  it.each<[Act, readonly Role[]]>([
    ['manage-people', ['administrator']],
    ['manage-phones', ['administrator']],
    ['see-fieldwork', ['supervisor', 'statistician', 'custodian', 'administrator']],
    ['review-records', ['supervisor']],
    ['see-working-tables', ['statistician']],
    ['query', ['statistician']],
    ['plan-release', ['statistician', 'custodian']],
    ['make-release', ['statistician']],
    ['approve-release', ['custodian']],
    ['request-extract', ['reader']],
    ['decide-agreement', ['custodian']],
    ['see-audit', ['custodian']],
  ])('%s: %j', (act, allowed) => {
    expect(who(act)).toEqual(allowed)
  })

  it('is the sum of several roles', () => {
    expect(may({ roles: ['supervisor', 'reader'] }, 'request-extract')).toBe(true)
    expect(may({ roles: [] }, 'request-extract')).toBe(false)
  })
})

describe('an area limit', () => {
  const register = [
    { code: 'country' },
    { code: 'town', parent: 'country' },
    { code: 'village', parent: 'town' },
    { code: 'other', parent: 'country' },
  ]
  const inTown = { roles: ['supervisor'] as const, areas: ['town'] }

  it('lets into the area and everything below it, and nowhere else', () => {
    const open = register.map(({ code }) => code).filter((code) => mayInArea(inTown, 'see-fieldwork', code, register))
    expect(open).toEqual(['town', 'village'])
  })

  it('adds nothing that the role does not allow', () => {
    expect(mayInArea(inTown, 'query', 'town', register)).toBe(false)
  })

  it('of nobody is everywhere', () => {
    expect(mayInArea({ roles: ['supervisor'], areas: [] }, 'see-fieldwork', 'other', register)).toBe(true)
  })
})
