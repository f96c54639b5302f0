import type { ApiDocument } from './api-document.ts'

type PathItem = NonNullable<NonNullable<ApiDocument['paths']>[string]>
type Operation = NonNullable<PathItem['get']>

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The style sheet of the reference page. */
export const referenceStyle = `
body { font: 15px/1.5 system-ui, "Noto Sans SC", sans-serif; color: #14202b; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin: 2.5rem 0 0.25rem; } h3 { font-size: 0.95rem; margin: 1rem 0 0.25rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { background: #f4f6f8; border-radius: 6px; overflow: auto; padding: 0.75rem; }
.method { background: #0b5cab; border-radius: 4px; color: #fff; padding: 0.1rem 0.4rem; text-transform: uppercase; }
summary { cursor: pointer; } li { margin: 0.15rem 0; }
`

/**
 * The reference of the API as a plain page: made on the server from the document itself, without any script, so that it
 * loads nothing from anywhere.
 */
export function referencePage(document: ApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item?.[method]
      return operation === undefined ? [] : [operationSection(method, path, operation)]
    }),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(document.info.title)}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/api/v1/reference.css"></head>
<body><main><h1>${escaped(document.info.title)}</h1><p>${escaped(document.info.description ?? '')}</p>
<p>The same as a machine-readable document: <a href="/api/v1/openapi.json">openapi.json</a>. All times are milliseconds since 1970 UTC.</p>
${operations.join('\n')}
</main></body></html>`
}

function operationSection(method: string, path: string, operation: Operation): string {
  const { summary = '', parameters = [], requestBody, responses = {} } = operation
  return `<section><h2><span class="method">${method}</span> <code>/api/v1${escaped(path)}</code></h2>
<p>${escaped(summary)}</p>
${parameters.length === 0 ? '' : detail('Parameters', parameters)}
${requestBody === undefined ? '' : detail('Body', requestBody)}
<h3>Answers</h3>
${Object.entries(responses)
  .map(([status, response]) => detail(status, response))
  .join('\n')}
</section>`
}

function detail(title: string, value: unknown): string {
  return `<details><summary>${escaped(title)}</summary><pre>${escaped(JSON.stringify(value, null, 2))}</pre></details>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (symbol) => `&#${symbol.charCodeAt(0)};`)
}
