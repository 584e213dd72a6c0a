import { render } from 'lit'
import './elements/digit-pad.ts'
import './elements/drawing.ts'
import './elements/loss-chart.ts'
import { kept } from './state/saves.ts'
import { Session } from './state/session.ts'
import { experimentIn } from './state/share.ts'
import { firstState, withExperiment, type State } from './state/state.ts'
import { Store } from './state/store.ts'
import { page } from './views/page.ts'

const body = document.getElementById('playground')!
const store = new Store<State>(firstState, (state) => render(page(session, state), body))
const session: Session = new Session(
  store,
  new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module' }),
)

/** A link may say what is to be learned. */
const follow = (): void => {
  const experiment = experimentIn(location.hash.slice(1), store.state.experiment)
  if (experiment) store.replace(withExperiment(store.state, experiment))
}
follow()
store.set({ kept: (await kept().catch(() => undefined)) !== undefined })
addEventListener('hashchange', follow)

// Without a connection, and without a server, the page is what it was when it was last seen.
if (document.querySelector('meta[name=offline]')) void navigator.serviceWorker?.register('offline.js')
