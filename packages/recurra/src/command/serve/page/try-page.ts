import { createHash } from 'node:crypto'
import { escaped } from '../../report/html.ts'
import { parametersOf } from '../row-routes.ts'
import { modelInfo } from '../served-model.ts'
import type { Service } from '../service.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

/** A value within a script. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

const hashed = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The page may do what stands in it, and reach this server alone. */
const policy = [
  "default-src 'none'", `style-src ${hashed(pageStyle)}`, `script-src ${hashed(pageScript)}`, "connect-src 'self'",
  "img-src data:", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'",
].join('; ')

const number = (id: string, label: string, value: string, attributes: string): string =>
  `<label>${label}<input id="${id}" type="number" inputmode="decimal" value="${value}" ${attributes}></label>`

const buttons = (main: string, stops: boolean, again: string): string => `<div class="buttons">
<button id="start" class="main">${main}</button>
${stops ? '<button id="stop" type="button" disabled>Stop</button>' : ''}
${again && `<button id="again" type="button">${again}</button>`}</div>`

const textForm = ({ limits, sessions }: Service): string => `
<label>Prompt<textarea id="prompt" maxlength="${limits.prompt}" spellcheck="false"></textarea></label>
<div class="row">
${number('length', 'Length', String(Math.min(200, limits.length)), `min="1" max="${limits.length}" required`)}
${number('temperature', 'Temperature', '0.8', 'min="0" step="any" required')}
${number('seed', 'Seed', '', 'min="0" placeholder="a new one"')}
</div>
${sessions ? '<label class="check"><input id="keep" type="checkbox">Continue the text above, in a session</label>' : ''}
${buttons('Generate', true, sessions ? 'Start over' : '')}`

const rowsForm = ({ served: { run }, limits }: Service): string => `
<label>Rows, as JSON<textarea id="input" class="code" rows="8" spellcheck="false" required>${
  escaped(JSON.stringify(run!.task.endpoint.example?.(run!.codec), undefined, 1))}</textarea></label>
${parametersOf(run!.task).includes('length')
    ? number('rows', 'Rows to forecast', '7', `min="1" max="${limits.forecast}" required`) : ''}
${buttons('Predict', false, '')}`

const stepForm = ({ served: { model } }: Service): string => `
<label>A step, as JSON<textarea id="input" class="code" rows="4" spellcheck="false" required>${
  model.in.kind === 'tokens' ? '0' : JSON.stringify(Array(Math.min(model.in.size, 1000)).fill(0))}</textarea></label>
${buttons('Take the step', false, 'Start over')}`

/** The page where one may try a model, and the policy that browsers hold it to. */
export const tryPage = (service: Service): { readonly html: string; readonly policy: string } => {
  const { served, access: { token } } = service
  const { run, writing, steps, path } = served
  const place = run?.task.endpoint.path
  const mode = writing && steps ? 'text' : run ? 'rows' : steps ? 'step' : undefined
  const form = { text: textForm, rows: rowsForm, step: stepForm }
  const about = run ? `It ${writing ? 'learned to' : 'predicts'} ${run.task.about.split(',')[0]}.` : ''
  const { input, output } = modelInfo(served) as { readonly input: string; readonly output: string }
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Recurra: ${escaped(path)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escaped(path)}</h1>
<p>${escaped(about)} The model reads ${escaped(input)} and gives ${escaped(output)}.</p>
${mode === undefined ? '<p>It needs whole sequences, and has no run of a task: nothing can be tried here.</p>'
    : `<form id="form">
${token === undefined ? ''
    : '<label>Token<input id="token" type="password" autocomplete="current-password" required></label>'}
${form[mode](service)}
</form>
<div id="answer" role="status" aria-live="polite" aria-label="Answer" data-empty="The answer comes here."></div>`}
<footer class="note"><p>For programs: <a href="openapi.json">the description of all endpoints</a> (OpenAPI),
<a href="health">health</a>${token === undefined ? ', <a href="metrics">metrics</a>' : ''}.</p></footer>
</main>
<script type="application/json" id="about">${inScript({ mode, place })}</script>
${mode === undefined ? '' : `<script>${pageScript}</script>`}
</body>
</html>
`
  return { html, policy }
}
