import openapi from '../openapi.json' with { type: 'json' }
import { type Html, html } from '../html.ts'
import type { Words } from '../words.ts'

interface Operation {
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly { readonly name: string; readonly description: string; readonly example?: string }[]
}

/** The API in words, from the same description that programs read at /api/openapi.json. */
export function apiPage(say: Words): Html {
  const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Readonly<Record<string, Operation>>).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      ...operation,
    })),
  )
  return html`<h1>${say('api')}</h1><div lang="en" dir="ltr"><p>${openapi.info.description}</p><p><a href="/api/openapi.json">OpenAPI 3.1</a></p>
${openapi.tags.map(
  ({ name }) =>
    html`<section><h2>${name}</h2>${operations
      .filter(({ tags }) => tags.includes(name))
      .map(
        ({ method, path, summary, parameters = [] }) =>
          html`<h3><code>${method} ${path}</code></h3><p>${summary}</p>${parameters.length > 0 ? html`<ul>${parameters.map((each) => html`<li><code>${each.name}</code> ${each.description}${each.example ? html` For example <code>${each.example}</code>.` : null}</li>`)}</ul>` : null}`,
      )}</section>`,
)}</div>`
}
