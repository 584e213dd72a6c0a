import * as comlink from 'comlink'
import { render } from 'lit'
import './elements/digit-pad.ts'
import './elements/drawing.ts'
import './elements/loss-chart.ts'
import { kept } from './state/saves.ts'
import { Session } from './state/session.ts'
import { firstState, type State } from './state/state.ts'
import { Store } from './state/store.ts'
import { page } from './views/page.ts'
import { chooseLanguage, firstLanguage } from './words/words.ts'
import type { Services } from './worker/main.ts'

const body = document.getElementById('playground')!
const store = new Store<State>(firstState, (state) => render(page(session, state), body))
const session: Session = new Session(
  store,
  comlink.wrap<Services>(new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module' })),
)
const language = firstLanguage()
chooseLanguage(language)
const still = matchMedia('(prefers-reduced-motion: reduce)')

store.set({ language, kept: (await kept().catch(() => undefined)) !== undefined })
addEventListener('hashchange', () => void session.keeping.follow())
// Something small learns at once, unless a link asks for something else or the person wants a page at rest.
if (!(await session.keeping.follow()) && !still.matches) void session.train({ unasked: true })

// The network reads its sequence step by step, over and over, while it trains.
setInterval(() => {
  const { phase, look, time } = store.state
  if (phase !== 'running' || !look || still.matches || document.hidden) return
  store.set({ time: (time + 1) % look.columns.length })
}, 250)

// Without a connection, and without a server, the page is what it was when it was last seen.
if (document.querySelector('meta[name=offline]')) void navigator.serviceWorker?.register('offline.js')
