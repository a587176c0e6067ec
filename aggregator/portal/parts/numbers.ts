import { type Html, html } from '../html.ts'
import { everything, figureAt } from '../slices.ts'
import { labelOf, type View } from '../view.ts'
import { unitWord } from '../words.ts'

/** The figures that a resident asks for first. */
const headline = ['POP01', 'MIG04', 'MIG01', 'MIG03', 'REM01', 'MIG06', 'EDU01', 'LAB01'] as const
const most = 4

/** Up to four big numbers, each with the question it answers and the change since the round before where there is one. */
export function bigNumbers(view: View, area: string = everything): Html {
  return html`<ul class="numbers">${headline
    .map((id) => bigNumber(view, id, area))
    .filter((each) => each !== null)
    .slice(0, most)}</ul>`
}

function bigNumber(view: View, id: string, area: string): Html | null {
  const { say, release, link } = view
  const indicator = release.indicators.find((each) => each.id === id)
  const value = figureAt(release, id, area)?.cell.value
  if (!indicator || value === null || value === undefined) return null
  return html`<li><a href="${link(`/indicators/${id}`)}"><span class="figure"><b>${say.number(value)}</b> ${unitWord(say, indicator.unit)}</span> <span class="asked">${labelOf(view, indicator)}</span></a></li>`
}
