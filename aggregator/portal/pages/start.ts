import type { Labels } from '../../formats/labels.ts'
import { drawPyramid } from '../charts/pyramid.ts'
import { figure, figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import type { PublishedRelease } from '../published.ts'
import { findTable, leavesOf, overall, sliceOf } from '../slices.ts'
import { unitWord, type Words } from '../words.ts'
import { areaFigure } from './indicator.ts'

/** The figures that a resident asks for first. */
const headline = ['POP01', 'MIG04', 'MIG03', 'MIG01'] as const

export function startPage(say: Words, labels: Labels, release: PublishedRelease | undefined): Html {
  if (!release) return html`<h1>${say('tagline')}</h1><p>${say('no-release')}</p>`
  return html`<h1>${release.roundTitle}</h1>
<p>${say('release')} ${release.id}, ${say('published')} ${release.published.slice(0, 10)}</p>
<ul class="numbers">${headline.map((id) => bigNumber(say, release, id))}</ul>
${pyramidFigure(say, labels, release)}
${areaFigure(say, labels, release, 'MIG04')}
<p><a href="/indicators?lang=${say.language}">${say('all-indicators')}</a></p>
<p class="symbol">${say('withheld-long')}</p>`
}

function bigNumber(say: Words, release: PublishedRelease, id: string): Html | null {
  const indicator = release.indicators.find((each) => each.id === id)
  const found = overall(release, id)
  if (!indicator || !found || found.cell.value === null) return null
  const label = indicator.label[say.language] ?? indicator.label.en ?? id
  return html`<li><a href="/indicators/${id}?lang=${say.language}"><b>${found.cell.value.toLocaleString('en')}</b> <span>${unitWord(say, indicator.unit)}</span><br>${label}</a></li>`
}

/** Who lives here, by sex, age and what moved them. */
export function pyramidFigure(say: Words, labels: Labels, release: PublishedRelease): Html | null {
  const table = findTable(release, 'POP01', ['SEX', 'AGE', 'MIG_STATUS']) ?? findTable(release, 'POP01', ['SEX', 'AGE'])
  if (!table) return null
  const withStatus = table.dimensions.some(({ id }) => id === 'MIG_STATUS')
  const kept = withStatus ? ['SEX', 'AGE', 'MIG_STATUS'] : ['SEX', 'AGE']
  const ages = leavesOf(table, 'AGE').filter((code) => code !== '_U')
  const cells = sliceOf(table, kept)
  const persons = (age: string, sex: string, status: string) =>
    cells.find(({ codes }) => codes.AGE === age && codes.SEX === sex && (!withStatus || codes.MIG_STATUS === status))?.cell.value ?? null
  const moved = say('moved')
  const stayed = labels.code('MIG_STATUS', 'NON')
  const everybody = withStatus ? say('moved-withheld') : labels.code('MIG_STATUS', '_T')
  // Two series that can be told apart on paper: who did not move, and the rest of the published total.
  const bars = ages.flatMap((age) =>
    (['F', 'M'] as const).flatMap((sex) => {
      const side = sex === 'F' ? ('left' as const) : ('right' as const)
      const all = persons(age, sex, '_T')
      const none = withStatus ? persons(age, sex, 'NON') : null
      if (all === null || none === null) return [{ age: labels.code('AGE', age), side, series: everybody, persons: all }]
      return [
        { age: labels.code('AGE', age), side, series: stayed, persons: Math.min(none, all) },
        { age: labels.code('AGE', age), side, series: moved, persons: Math.max(0, all - none) },
      ]
    }),
  )
  const series = [stayed, moved, everybody].filter((each) => bars.some((bar) => bar.series === each))
  const total = (sex: string) => sliceOf(table, ['SEX']).find(({ codes }) => codes.SEX === sex)?.cell.value ?? null
  const number = (value: number | null) => (value === null ? say('withheld') : value.toLocaleString('en'))
  const finding = say('pyramid-finding', { persons: number(total('_T')), women: number(total('F')), men: number(total('M')) })
  const svg = drawPyramid(bars, {
    ages: ages.map((age) => labels.code('AGE', age)),
    series,
    labels: { left: say('women'), right: say('men'), persons: say('persons'), withheld: say('withheld') },
  })
  return html`<section><h2>${say('who-lives-here')}</h2><p class="legend">${series.map((each, index) => html`<span class="key key-${index}"></span>${each} `)}</p>
${figure(say, { finding, svg, table: figureTable(say, labels, say('who-lives-here'), sliceOf(table, ['SEX', 'AGE']), 'AGE', 'SEX') })}</section>`
}
