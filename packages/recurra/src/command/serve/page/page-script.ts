/** What the page does: it uses the server as any other client would. */
export const pageScript = `
const about = JSON.parse(document.getElementById('about').textContent)
const find = (id) => document.getElementById(id)
const answer = find('answer')
let session, running

const headers = () => ({
  'content-type': 'application/json',
  ...(find('token') && { authorization: 'Bearer ' + find('token').value }),
})

const send = async (path, body, signal) => {
  const response = await fetch(path, { method: 'POST', headers: headers(), body: JSON.stringify(body), signal })
  if (response.ok) return response
  const { error } = await response.json()
  throw new Error(error.message)
}

const show = (nodes, failed) => {
  answer.classList.toggle('failed', failed === true)
  answer.replaceChildren(...nodes)
}

const element = (name, text) => {
  const made = document.createElement(name)
  if (text !== undefined) made.textContent = text
  return made
}

const inWords = (value) => value === undefined || value === null ? ''
  : typeof value === 'number' ? String(Number(value.toPrecision(6)))
  : Array.isArray(value) ? value.map(inWords).join(', ') : String(value)

/** A row without objects in it. */
const flat = (row) => Object.fromEntries(Object.entries(row).flatMap(([name, value]) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([inner, one]) => [inner + ', ' + name, one]) : [[name, value]]))

/** A list of rows as a table. */
const tableOf = (all) => {
  const rows = all.map(flat)
  const columns = [...new Set(rows.flatMap(Object.keys))]
  const lineOf = (cells, name) => {
    const line = element('tr')
    line.append(...cells.map((cell) => element(name, cell)))
    return line
  }
  const [table, head, body, wide] = ['table', 'thead', 'tbody', 'div'].map((name) => element(name))
  const header = lineOf(columns, 'th')
  for (const cell of header.children) cell.scope = 'col'
  head.append(header)
  body.append(...rows.map((row) => lineOf(columns.map((name) => inWords(row[name])), 'td')))
  table.append(head, body)
  Object.assign(wide, { className: 'wide', tabIndex: 0 })
  wide.setAttribute('role', 'region')
  wide.setAttribute('aria-label', 'Predictions')
  wide.append(table)
  return wide
}

/** The events of a stream. */
async function* eventsOf(response) {
  let rest = ''
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    rest += value
    for (let end; (end = rest.indexOf('\\n\\n')) >= 0; rest = rest.slice(end + 2)) {
      const [, name, data] = /^event: (.*)\\ndata: (.*)/.exec(rest.slice(0, end)) || []
      if (name) yield { name, data: JSON.parse(data) }
    }
  }
}

const sessionFor = async () => session || (session = { ...(await (await send('sessions', {})).json()) })

const tasks = {
  async text(signal) {
    const [prompt, seed, keep] = [find('prompt').value, find('seed').value, find('keep')]
    const body = { prompt, length: Number(find('length').value), temperature: Number(find('temperature').value),
      ...(seed !== '' && { seed: Number(seed) }) }
    const before = keep && keep.checked && session ? [...answer.childNodes] : []
    const given = element('span', prompt)
    given.className = 'given'
    const text = document.createTextNode('')
    let path = about.place.slice(1)
    if (keep && keep.checked) {
      const { id, step } = await sessionFor()
      Object.assign(body, { step: step + 1 })
      path = 'sessions/' + id + about.place
    }
    const response = await send(path, body, signal)
    show([...before, given, text])
    for await (const { name, data } of eventsOf(response)) {
      if (name === 'text') text.data += data.text
      if (name === 'error') throw new Error(data.error.message)
      if (name !== 'done') continue
      if (data.step === undefined) continue
      session.step = data.step
      find('prompt').value = ''
    }
  },
  async rows(signal) {
    const query = find('rows') ? '?length=' + find('rows').value : ''
    const { predictions, notes = [] } = await (await send(about.place.slice(1) + query, readJson(), signal)).json()
    show([tableOf(predictions), ...notes.map((note) => element('p', 'Note: ' + note))])
  },
  async step(signal) {
    const { id, step } = await sessionFor()
    const taken = await (await send('sessions/' + id + '/step', { step: step + 1, x: readJson() }, signal)).json()
    session.step = taken.step
    show([element('span', 'Step ' + taken.step + ': ' + JSON.stringify(taken.y))])
  },
}

const readJson = () => {
  try {
    return JSON.parse(find('input').value)
  } catch (error) {
    throw new Error('This is not JSON: ' + error.message)
  }
}

const busy = (on) => {
  find('start').disabled = on
  if (find('stop')) find('stop').disabled = !on
  answer.setAttribute('aria-busy', on)
}

find('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  running = new AbortController()
  busy(true)
  try {
    await tasks[about.mode](running.signal)
  } catch (error) {
    if (error.name !== 'AbortError') show([element('span', error.message)], true)
  }
  busy(false)
})
find('stop')?.addEventListener('click', () => running.abort())
find('again')?.addEventListener('click', () => {
  session = undefined
  show([])
})
`
