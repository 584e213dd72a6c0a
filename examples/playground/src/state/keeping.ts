import type { ExportKind } from '../worker/messages.ts'
import { keep, kept } from './saves.ts'
import type { Session } from './session.ts'
import { fragmentOf, leavesTextOut, longestShared, sharedIn } from './share.ts'
import { experimentFor } from './state.ts'

const inKilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`

/** What outlives the page: saves in the browser, links and downloads. */
export class Keeping {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** Saves the training in this browser. */
  save(): Promise<void> {
    return this.#session.attempt(async () => {
      const checkpoint = await this.#session.services.training.checkpoint()
      const { experiment, curve, standing, measures } = this.#session.store.state
      if (!checkpoint || !standing) return this.#session.store.set({ notice: this.#session.words.notices.nothing })
      await keep({ experiment, standing, curve, measures, checkpoint })
      this.#session.store.set({ kept: true, notice: this.#session.words.notices.saved })
    })
  }

  /** Returns to what was saved, and waits there. */
  load(): Promise<void> {
    return this.#session.attempt(async () => {
      const save = await kept()
      if (!save) return
      const { experiment, curve, standing, measures = [], checkpoint } = save
      this.#session.change({ ...experimentFor(experiment.task), ...experiment })
      if (!(await this.#session.open({ checkpoint }))) return
      const look = await this.#session.services.training.look()
      this.#session.store.set({
        phase: 'paused',
        curve,
        standing,
        measures,
        look,
        notice: this.#session.words.notices.loaded,
      })
    })
  }

  /** Puts a link to the experiment, or to the trained network, into the clipboard and the address bar. */
  share(what: 'experiment' | 'model'): Promise<void> {
    return this.#session.attempt(async () => {
      const { experiment, phase } = this.#session.store.state
      const { shared, sharedModel, withoutText, textTooLong } = this.#session.words.notices
      const without = leavesTextOut(experiment)
      // whose symbols are those of another text would write nonsense
      if (without && what === 'model') return this.#session.store.set({ notice: textTooLong(longestShared) })
      const packed = what === 'model' && phase !== 'new' ? await this.#session.services.training.pack() : undefined
      history.replaceState(null, '', `#${await fragmentOf({ experiment, ...(packed && { packed }) })}`)
      await navigator.clipboard?.writeText(location.href).catch(() => {})
      const notice = packed ? sharedModel : without ? withoutText : shared
      this.#session.store.set({ notice: notice(inKilobytes(location.href.length)) })
    })
  }

  /** Follows the link of the address bar; whether there was one. */
  async follow(): Promise<boolean> {
    const fragment = location.hash.slice(1)
    if (fragment === '') return false
    const link = await sharedIn(fragment, this.#session.store.state.experiment)
    if (!link) {
      this.#session.store.set({ notice: this.#session.words.notices.damaged })
      return true
    }
    this.#session.change(link.experiment)
    const { packed } = link
    if (packed)
      await this.#session.attempt(async () => {
        if (!(await this.#session.open({ packed }))) return
        this.#session.store.set({
          phase: 'paused',
          look: await this.#session.services.training.look(),
          notice: this.#session.words.notices.opened,
        })
      })
    return true
  }

  /** Gives the network as a file. */
  download(kind: ExportKind): Promise<void> {
    return this.#session.attempt(async () => {
      const file = await this.#session.services.training.export(kind, this.#session.words.page)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([file as BlobPart]))
      link.download = `playground.${kind}`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 1000)
      this.#session.store.set({ notice: this.#session.words.notices.downloaded(link.download) })
    })
  }
}
