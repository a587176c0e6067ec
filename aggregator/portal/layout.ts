import { type Html, html } from './html.ts'
import type { Words } from './words.ts'

export interface PageOptions {
  readonly say: Words
  readonly title: string
  /** Path without the language, for the link to the other language. */
  readonly path: string
  readonly main: Html
}

/** The frame of every public page. Reads without JavaScript, at 320 px, in print and in the dark. */
export function page({ say, title, path, main }: PageOptions): string {
  const language = say.language
  const link = (to: string) => `${to}?lang=${language}`
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${say('name')}</title>
<link rel="stylesheet" href="/portal.css">
<link rel="icon" href="/portal.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">${say('skip')}</a>
<header>
<p class="name"><a href="${link('/')}">${say('name')}</a> <span>${say('tagline')}</span></p>
<nav><a href="${link('/')}">${say('start')}</a> <a href="${link('/indicators')}">${say('indicators')}</a> <a href="${link('/areas')}">${say('areas')}</a> <a href="${link('/tables')}">${say('build-table')}</a> <a href="${link('/releases')}">${say('releases')}</a> <a href="/api">${say('api')}</a> <a href="${path}?lang=${language === 'en' ? 'fil' : 'en'}" lang="${language === 'en' ? 'fil' : 'en'}" hreflang="${language === 'en' ? 'fil' : 'en'}">${say('other-language')}</a></nav>
</header>
<main id="main">${main}</main>
<footer><p>${say('footer')}</p></footer>
</body>
</html>`.text
}
