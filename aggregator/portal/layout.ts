import { type Html, html, raw } from './html.ts'
import { linkIn } from './view.ts'
import { portalLanguages, type Words } from './words.ts'

export interface PageOptions {
  readonly say: Words
  readonly title: string
  /** Path without the language, for the links to the other languages. */
  readonly path: string
  /** What stands behind the ? besides the language, kept when the language changes. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly main: Html
  /** schema.org facts for search engines. */
  readonly facts?: Readonly<Record<string, unknown>>
}

const places = [
  ['/', 'start'],
  ['/indicators', 'indicators'],
  ['/areas', 'areas'],
  ['/tables', 'build-table'],
  ['/compare', 'compare'],
  ['/releases', 'releases'],
  ['/api', 'api'],
] as const

/** The frame of every public page. Reads without JavaScript, at 320 px, from right to left, in print and in the dark. */
export function page({ say, title, path, query = {}, main, facts }: PageOptions): string {
  const link = linkIn(say.language)
  const here = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`))
  const others = Object.entries(portalLanguages).filter(([code]) => code !== say.language)
  return html`<!doctype html>
<html lang="${say.language}" dir="${say.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${say('name')}</title>
<link rel="stylesheet" href="/portal.css">
<link rel="icon" href="/portal.svg" type="image/svg+xml">
${others.map(([code]) => html`<link rel="alternate" hreflang="${code}" href="${linkIn(code)(path, query)}">`)}
${facts ? html`<script type="application/ld+json">${raw(JSON.stringify(facts).replaceAll('<', '\\u003c'))}</script>` : null}
</head>
<body>
<a class="skip" href="#main">${say('skip')}</a>
<header><div class="bar">
<p class="name"><a href="${link('/')}">${say('name')}</a> <span>${say('tagline')}</span></p>
<form class="find" role="search" action="/search" method="get"><input type="hidden" name="lang" value="${say.language}"><input type="search" name="q" aria-label="${say('search-label')}" placeholder="${say('search-label')}" maxlength="80"><button>${say('search')}</button></form>
<nav aria-label="${say('menu')}">${places.map(([to, word]) => html`<a href="${link(to)}" ${here(to) ? html`aria-current="page"` : null}>${say(word)}</a> `)}</nav>
</div></header>
<main id="main">${main}</main>
<footer><div class="bar"><p>${say('footer')}</p>${say.language === 'en' ? null : html`<p>${say('draft-note')}</p>`}
<p>${say('open-data')} · <a href="/catalog.jsonld">DCAT</a> · <a href="/api/openapi.json">OpenAPI</a> · <a href="${link('/agreements')}">${say('agreements')}</a> · <a href="${link('/withdrawal')}">${say('withdrawal')}</a></p>
<nav aria-label="${say('language')}">${say('language')}: <b lang="${say.language}">${portalLanguages[say.language]}</b> ${others.map(([code, name]) => html`<a href="${linkIn(code)(path, query)}" lang="${code}" hreflang="${code}">${name}</a> `)}</nav></div></footer>
</body>
</html>`.text
}
