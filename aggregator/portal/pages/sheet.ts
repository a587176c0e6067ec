import { drawDots } from '../charts/dots.ts'
import { type Html, html, raw } from '../html.ts'
import type { CommunitySheet, SheetShare } from '../sheet.ts'
import type { View } from '../view.ts'

/** One area's findings on one page: to be read on a phone, printed, read out or passed on. */
export function sheetPage({ say, link }: View, code: string, sheet: CommunitySheet): Html {
  return html`<article class="sheet">
<p class="crumbs"><a href="${link(`/areas/${code}`)}">${sheet.title}</a> › ${say('sheet')}</p>
<h1>${sheet.title}</h1><p class="quiet">${sheet.subtitle}</p>
${sheet.people ? html`<p class="lead"><b>${sheet.people}</b> ${sheet.sexes?.sentence}</p>` : html`<p class="lead">${say('sheet-none')}</p>`}
<ul class="shares">${sheet.shares.map((each) => shareItem({ say }, each))}</ul>
<section><h2>${say('sheet-hidden')}</h2><p>${sheet.hidden}</p></section>
<section><h2>${say('sheet-ask')}</h2>${sheet.ask.map((each) => html`<p>${each}</p>`)}</section>
<p class="quiet">${sheet.source}</p>
<p class="acts"><a class="act" href="${link(`/areas/${code}/sheet.pdf`)}">${say('sheet-pdf')}</a></p>
</article>`
}

function shareItem({ say }: Pick<View, 'say'>, { asked, value, outOf, low }: SheetShare): Html {
  const said = say(outOf === 100 ? 'sheet-of-100' : 'sheet-of-1000', { value: say.number(value) })
  return html`<li><p class="asked">${asked}</p><p class="figure"><b>${said}</b>${low ? html` <abbr title="${say('low')}">*</abbr>` : null}</p>
${outOf === 100 ? html`<div class="chart" role="img" aria-label="${said}">${raw(drawDots(value))}</div>` : null}</li>`
}
