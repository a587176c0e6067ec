import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../../../aggregator/disclosure/tables/audit.ts'
import { eliminate } from '../../../../aggregator/disclosure/tables/eliminate.ts'
import { type Protection, protectSystem } from '../../../../aggregator/disclosure/tables/protect-system.ts'
import { loadSolver, type Solver } from '../../../../aggregator/disclosure/tables/solver.ts'
import { cellAtoms, cellColumns, type System, transposed } from '../../../../aggregator/disclosure/tables/system.ts'
import { verifyCertificate } from '../../../../aggregator/disclosure/tables/verify-certificate.ts'
import { exhaustiveBounds } from './exhaustive.ts'
import { areaTree, flatTree, leavesOfTree, madeUpInner, openRules, type Parents, readFigures, systemOf } from './made-up-system.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})
const tables = Number(process.env.TALA_RANDOM_TABLES ?? 150)

const flags = (all: Uint8Array) => [...all.keys()].filter((at) => all[at])
const check = (trees: readonly Parents[], system: System, made: Protection) =>
  made.certificates.map(
    ({ prime, values }) =>
      verifyCertificate(
        trees.map((parents) => ({ parents })),
        prime,
        values,
        system.nodes,
        made.exact,
        made.primary,
      ).isProof,
  )

/** Two rows and two or three columns with margins: linear programs and whole tables have the same bounds here. */
const smallTable = fc
  .record({ rows: fc.integer({ min: 2, max: 3 }), columns: fc.integer({ min: 2, max: 3 }), seed: fc.integer({ min: 0, max: 1e9 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      inner: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: rows * columns, maxLength: rows * columns }),
    }),
  )

describe('a protected system of tables', () => {
  it('lets no small cell be bounded, whoever counts: every table of whole counts was tried', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(smallTable, ({ rows, columns, inner }) => {
        const trees = [flatTree(rows), flatTree(columns)]
        const system = systemOf(trees, inner)
        const made = protectSystem(solver, system, openRules(system, 3))
        expect(made.unsafe).toEqual([])
        expect(check(trees, system, made)).toEqual([true, true])
        // With nothing at all printed there is no bound to find.
        if (flags(made.published).length === 0) return
        if (!made.published[0]) return
        const bounds = exhaustiveBounds(system, readFigures(system, made.published, openRules(system, 3)))
        for (const cell of flags(made.primary)) expect([bounds.lower[cell], (bounds.upper[cell] ?? 0) >= 3]).toEqual([0, true])
      }),
      { numRuns: tables, seed: 20261121 },
    )
  })

  it('withholds no figure in vain: whichever of them is printed besides, somebody is bounded', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(smallTable, ({ rows, columns, inner }) => {
        const system = systemOf([flatTree(rows), flatTree(columns)], inner)
        const rules = openRules(system, 3)
        const made = protectSystem(solver, system, rules)
        if (!made.published[0]) return
        const secondary = [...system.counts.keys()].filter((cell) => !made.published[cell] && !made.primary[cell])
        for (const cell of secondary) {
          const { lower, upper } = exhaustiveBounds(system, readFigures(system, made.published.with(cell, 1), rules))
          expect(flags(made.primary).some((each) => (lower[each] ?? 0) > 0 || (upper[each] ?? 0) < 3)).toBe(true)
        }
      }),
      { numRuns: Math.ceil(tables / 5), seed: 9 },
    )
  })

  it('lets no small cell be bounded where three dimensions, areas of two levels or rounded figures meet', { timeout: 3_600_000 }, () => {
    const shapes = [
      [flatTree(2), flatTree(2), flatTree(2)],
      [areaTree([2, 2]), flatTree(3)],
      [areaTree([2, 2]), flatTree(2), flatTree(2)],
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 }),
        (trees, isRounded, inner) => {
          const system = systemOf(trees, inner)
          const isLowest = (cell: number) => leavesOfTree(trees[0] ?? []).includes(system.nodes[cell * trees.length] ?? 0)
          const rounding = Uint8Array.from(system.counts, (_, cell) => (isRounded && isLowest(cell) ? 5 : 0))
          const rules = openRules(system, 3, { rounding })
          const made = protectSystem(solver, system, rules)
          expect(made.unsafe).toEqual([])
          if (!made.published[0]) return
          const bounds = exhaustiveBounds(system, readFigures(system, made.published, rules))
          for (const cell of flags(made.primary)) expect([bounds.lower[cell], (bounds.upper[cell] ?? 0) >= 3]).toEqual([0, true])
        },
      ),
      { numRuns: Math.ceil(tables / 10), seed: 7 },
    )
  })

  it('finds by linear programs exactly the bounds that trying every table finds', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(smallTable, fc.integer({ min: 0, max: 1e9 }), ({ rows, columns, inner }, pattern) => {
        const system = systemOf([flatTree(rows), flatTree(columns)], inner)
        // An arbitrary pattern with the total printed, safe or not.
        const published = Uint8Array.from(system.counts, (_, cell) => (cell === 0 || (pattern >> (cell % 30)) & 1 ? 1 : 0))
        const all = readFigures(system, published, openRules(system, 3))
        const whole = exhaustiveBounds(system, all)
        const bounds = { lower: system.counts.slice(), upper: system.counts.slice() }
        const { failures } = audit(
          solver,
          {
            cellsOfAtoms: transposed(cellAtoms(system)),
            atomsOfCells: cellAtoms(system),
            counts: system.counts,
            truth: system.inner,
            rows: all,
            targets: Int32Array.from(system.counts.keys()),
            minimum: 3,
          },
          bounds,
          null,
        )
        const expected = [...system.counts.keys()].flatMap((cell) => [
          ...((whole.lower[cell] ?? 0) > 0 ? [`${cell} lower`] : []),
          ...((whole.upper[cell] ?? 0) < 3 ? [`${cell} upper`] : []),
        ])
        expect(failures.map(({ cell, side }) => `${cell} ${side}`).toSorted()).toEqual(expected.toSorted())
      }),
      // The example is one that the primal simplex alone leaves undecided.
      { numRuns: tables, seed: 5, examples: [[{ rows: 3, columns: 3, inner: [0, 3, 4, 5, 4, 1, 2, 0, 0] }, 4]] },
    )
  })

  it('stays safe whatever the order and the names of the categories', () => {
    const trees = [areaTree([2, 2]), flatTree(2), flatTree(3)]
    const inner = madeUpInner(4, 1, 2, 3, 5).map((count) => count % 40)
    const straight = systemOf(trees, inner)
    const turned = systemOf(trees, Float64Array.from(inner).toReversed())
    for (const system of [straight, turned]) {
      const made = protectSystem(solver, system, openRules(system, 10))
      expect(made.unsafe).toEqual([])
      expect(check(trees, system, made)).toEqual([true, true])
    }
    // Only the order of equal counts depends on the names: the same number of figures is printed.
    const [a, b] = [straight, turned].map((system) => flags(protectSystem(solver, system, openRules(system, 10)).published).length)
    expect(Math.abs((a ?? 0) - (b ?? 0))).toBeLessThanOrEqual(4)
  })

  it('proves itself: a certificate fails when one more figure is printed', () => {
    const trees = [areaTree([3]), flatTree(2), flatTree(3)]
    const system = systemOf(
      trees,
      madeUpInner(3, 1, 2, 3, 9).map((count) => count % 60),
    )
    const made = protectSystem(solver, system, openRules(system, 10))
    const secondary = [...system.counts.keys()].filter((cell) => !made.exact[cell] && !made.primary[cell])
    expect(secondary.length).toBeGreaterThan(2)
    for (const cell of secondary) {
      const more = made.exact.slice()
      more[cell] = 1
      const [proof] = made.certificates
      expect(
        verifyCertificate(
          trees.map((parents) => ({ parents })),
          proof?.prime ?? 0,
          proof?.values ?? [],
          system.nodes,
          more,
          made.primary,
        ).isProof,
      ).toBe(false)
    }
  })

  it('catches every secondary of a minimal pattern that is printed again', () => {
    // 4 x 4, one small cell: what is withheld with it forms one closed round of cells, so each of them gives it away.
    const system = systemOf([flatTree(4), flatTree(4)], [5, 30, 40, 50, 20, 60, 70, 30, 40, 30, 20, 60, 50, 40, 30, 20])
    const made = protectSystem(solver, system, openRules(system, 10))
    const withheld = [...system.counts.keys()].filter((cell) => !made.published[cell])
    expect(withheld.length).toBeGreaterThanOrEqual(4)
    for (const cell of withheld.filter((each) => !made.primary[each])) {
      const columns = cellColumns(system)
      const forced = Int32Array.from([...flags(made.published), cell])
      expect(eliminate({ columns, candidates: new Int32Array(), protectedColumns: made.primary, forced }).determined).toEqual(
        flags(made.primary),
      )
    }
  })

  it('prints rounded figures as intervals and still leaves small cells open', () => {
    const area = areaTree([6])
    const trees = [area, flatTree(2), flatTree(4)]
    const system = systemOf(
      trees,
      madeUpInner(6, 1, 2, 4, 3).map((count) => count % 50),
    )
    const rounding = Uint8Array.from(system.counts, (_, cell) => ((system.nodes[cell * 3] ?? 0) > 0 ? 5 : 0))
    const made = protectSystem(solver, system, openRules(system, 10, { rounding }))
    expect(made.unsafe).toEqual([])
    for (const cell of flags(made.primary)) {
      expect(made.bounds.lower[cell]).toBeLessThan(1e-5)
      expect(made.bounds.upper[cell]).toBeGreaterThan(10 - 1e-5)
    }
  })

  it('lets a figure that was released rounded stand as an interval, not as the count behind it', () => {
    const system = systemOf(
      [areaTree([6]), flatTree(2), flatTree(4)],
      madeUpInner(6, 1, 2, 4, 3).map((count) => count % 50),
    )
    const rounding = Uint8Array.from(system.counts, (_, cell) => ((system.nodes[cell * 3] ?? 0) > 0 ? 5 : 0))
    const first = protectSystem(solver, system, openRules(system, 10, { rounding }))
    const released = Int32Array.from(flags(first.published))
    const again = protectSystem(solver, system, openRules(system, 10, { rounding, released, publishable: first.published }))
    expect(again.unsafe).toEqual([])
    expect(again.published).toEqual(first.published)
  })

  it('never withdraws what was released before, and says so when that leaves somebody bounded', () => {
    const system = systemOf([flatTree(2), flatTree(2)], [3, 40, 50, 60])
    const released = Int32Array.from(system.counts.keys()).filter((cell) => cell !== 4)
    const made = protectSystem(solver, system, openRules(system, 10, { released }))
    expect(made.unsafe.length).toBeGreaterThan(0)
    expect([...released].every((cell) => made.published[cell])).toBe(true)
  })
})
