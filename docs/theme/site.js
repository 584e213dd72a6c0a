/** What a page does: search, light or dark, the menu of a phone, and buttons that copy programs. */
import { find } from './search.js'

const root = document.documentElement
const { base } = root.dataset

const themes = ['os', 'light', 'dark']
document.querySelector('.theme-button').addEventListener('click', () => {
  const now = root.dataset.theme === 'os'
    ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
    : root.dataset.theme
  root.dataset.theme = now === 'dark' ? 'light' : 'dark'
  localStorage.setItem('recurra-theme', root.dataset.theme)
})
if (!themes.includes(root.dataset.theme)) root.dataset.theme = 'os'

const menu = document.querySelector('.menu-button')
menu.hidden = !document.getElementById('side')
menu.addEventListener('click', () => {
  menu.setAttribute('aria-expanded', String(root.classList.toggle('menu-open')))
})
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest' })

for (const button of document.querySelectorAll('pre > button'))
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('code').innerText.trimEnd())
    button.textContent = 'Copied'
    setTimeout(() => { button.textContent = 'Copy' }, 1500)
  })

/** Search: a dialog that loads its rows when it is first opened. */
const opener = document.querySelector('.search-button')
let dialog

const rowsLoaded = () =>
  new Promise((resolve, reject) => {
    if (window.recurraRows) return resolve(window.recurraRows)
    const script = document.createElement('script')
    script.src = `${base}assets/search-rows.js`
    script.onload = () => resolve(window.recurraRows)
    script.onerror = reject
    document.head.append(script)
  })

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** The words around the place that was found. */
const excerpt = ({ text = '' }, typed) => {
  const at = Math.max(0, text.toLowerCase().indexOf(typed.trim().toLowerCase()))
  const from = at < 60 ? 0 : text.indexOf(' ', at - 40) + 1
  return (from > 0 ? '… ' : '') + text.slice(from, from + 140)
}

const kinds = { guide: 'guide', heading: 'guide', name: 'reference', member: 'reference' }

const show = (list, rows, typed) => {
  const found = find(rows, typed)
  list.replaceChildren(...found.map((row, i) => {
    const link = element('a', { href: base + row.url },
      element('span', { className: `kind-of ${kinds[row.kind]}`, textContent: kinds[row.kind] }),
      element('strong', { textContent: row.title }),
      element('small', { textContent: row.in ? ` ${row.in}` : '' }),
      element('p', { textContent: excerpt(row, typed) }))
    link.addEventListener('click', () => dialog.close())
    return element('li', { className: i === 0 ? 'first' : '' }, link)
  }))
  if (found.length === 0 && typed.trim())
    list.append(element('li', { className: 'none', textContent: `${opener.dataset.nothing} ${typed}` }))
}

const openSearch = async () => {
  if (!dialog) {
    const input = element('input', { type: 'search', placeholder: opener.dataset.ask, autocomplete: 'off' })
    input.setAttribute('aria-label', opener.dataset.ask)
    const list = element('ul', { className: 'results' })
    const close = element('button', { type: 'button', textContent: opener.dataset.close })
    dialog = element('dialog', { className: 'search' }, element('div', { className: 'asked' }, input, close), list)
    document.body.append(dialog)
    const rows = await rowsLoaded()
    input.addEventListener('input', () => show(list, rows, input.value))
    close.addEventListener('click', () => dialog.close())
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close() })
    dialog.addEventListener('keydown', (event) => {
      const links = [...list.querySelectorAll('a')]
      const at = links.indexOf(document.activeElement)
      if (event.key === 'Enter' && document.activeElement === input) links[0]?.click()
      else if (event.key === 'ArrowDown') (links[at + 1] ?? links.at(-1))?.focus()
      else if (event.key === 'ArrowUp') (links[at - 1] ?? input).focus()
      else return
      event.preventDefault()
    })
  }
  dialog.showModal()
  dialog.querySelector('input').select()
}
opener.addEventListener('click', openSearch)
addEventListener('keydown', (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')
  if (typing || dialog?.open || event.ctrlKey !== (event.key === 'k') || !['/', 'k'].includes(event.key)) return
  event.preventDefault()
  openSearch()
})
