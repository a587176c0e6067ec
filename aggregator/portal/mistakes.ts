import type { ProtectedTable } from '../disclosure/protected.ts'
import type { PublishedIndicator, PublishedRelease } from './published.ts'
import { countFigures } from './slices.ts'
import type { Words } from './words.ts'

/** The five most likely ways to misread this very figure, chosen by what kind of figure it is. */
export function mistakesOf(
  say: Words,
  indicator: PublishedIndicator,
  release: Pick<PublishedRelease, 'round'>,
  tables: readonly ProtectedTable[],
): readonly string[] {
  const { all, published, low } = countFigures(tables)
  const rounding = Math.max(0, ...tables.map(({ rule }) => rule.rounding ?? 0))
  const types = new Set(tables.map(({ type }) => type))
  const universe = say.text(indicator.universeLabel) || indicator.universe
  return [
    published < all && say('mistake-zero'),
    say('mistake-universe', { universe }),
    types.has('count') ? say('mistake-count') : types.has('mean') || types.has('quantile') ? say('mistake-middle') : say('mistake-share'),
    indicator.class === 'proxy' && say('mistake-proxy'),
    low > 0 && say('mistake-few'),
    rounding > 0 && say('mistake-rounding', { rounding }),
    say('mistake-today', { round: release.round }),
    say('mistake-cause'),
  ]
    .filter((each) => each !== false)
    .slice(0, 5)
}
