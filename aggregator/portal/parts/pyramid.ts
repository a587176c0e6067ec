import { type PyramidBar, drawPyramid } from '../charts/pyramid.ts'
import { figure, figureTable } from '../figure.ts'
import { type Html, html } from '../html.ts'
import { everything, findTable, leavesOf, sliceOf } from '../slices.ts'
import type { View } from '../view.ts'

/** Who lives here, by sex, age and whether they moved. Null when the release has no such table for the area, or all of it is withheld. */
export function pyramidFigure(view: View, area: string = everything): Html | null {
  const { say, labels, release } = view
  const table = findTable(release, 'POP01', ['SEX', 'AGE', 'MIG_STATUS']) ?? findTable(release, 'POP01', ['SEX', 'AGE'])
  if (!table) return null
  const withStatus = table.dimensions.some(({ id }) => id === 'MIG_STATUS')
  const ages = leavesOf(table, 'AGE').filter((code) => code !== '_U')
  const cells = sliceOf(table, withStatus ? ['SEX', 'AGE', 'MIG_STATUS'] : ['SEX', 'AGE'], { REF_AREA: area })
  const found = new Map(
    cells.map(({ codes, cell }) => [`${codes['AGE']} ${codes['SEX']} ${codes['MIG_STATUS'] ?? everything}`, cell.value]),
  )
  const persons = (age: string, sex: string, status = everything) => found.get(`${age} ${sex} ${status}`) ?? null
  if (cells.every(({ cell }) => cell.value === null)) return null
  const moved = say('moved')
  const stayed = labels.code('MIG_STATUS', 'NON')
  const everybody = withStatus ? say('moved-withheld') : labels.code('MIG_STATUS', everything)
  // Two series that can be told apart on paper: who did not move, and the rest of the published total.
  const bars = ages.flatMap((age) =>
    (['F', 'M'] as const).flatMap((sex): PyramidBar[] => {
      const bar = { age: labels.code('AGE', age), side: sex === 'F' ? ('left' as const) : ('right' as const) }
      const all = persons(age, sex)
      const none = withStatus ? persons(age, sex, 'NON') : null
      if (all === null || none === null) return [{ ...bar, series: everybody, persons: all }]
      return [
        { ...bar, series: stayed, persons: Math.min(none, all) },
        { ...bar, series: moved, persons: Math.max(0, all - none) },
      ]
    }),
  )
  const series = [stayed, moved, everybody].filter((each) => bars.some((bar) => bar.series === each))
  const total = (sex: string) => persons(everything, sex)
  const number = (value: number | null) => (value === null ? say('withheld') : say.number(value))
  const finding = say('pyramid-finding', { persons: number(total(everything)), women: number(total('F')), men: number(total('M')) })
  return figure(view, {
    finding,
    svg: drawPyramid(bars, {
      ages: ages.map((age) => labels.code('AGE', age)),
      series,
      labels: { left: say('women'), right: say('men'), persons: say('persons'), withheld: say('withheld') },
    }),
    legend: html`<ul class="legend" aria-label="${say('legend')}">${series.map((each, index) => html`<li><span class="key key-${index}"></span>${each}</li>`)}</ul>`,
    table: figureTable(view, say('who-lives-here'), sliceOf(table, ['SEX', 'AGE'], { REF_AREA: area }), 'AGE', 'SEX'),
  })
}
