import { html, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'

/** Closes the menu that something in it was chosen from. */
const close = (event: Event): void => (event.currentTarget as HTMLElement).closest('details')!.removeAttribute('open')

const menu = (title: string, content: TemplateResult): TemplateResult => html`
  <details class="menu">
    <summary class="button">${title}</summary>
    <div @click=${close}>${content}</div>
  </details>`

/** The tour, the voice, links, saves, downloads and the language. */
export const shareView = (session: Session, { phase, kept, language, voice }: State): TemplateResult => {
  const { words, keeping } = session
  const { share, tour } = words
  return html`
    <div class="keeping" role="group" aria-label=${share.group}>
      <button class="tour-start" @click=${() => session.goOnTour(0)}>${tour.start}</button>
      <button aria-pressed=${voice !== undefined} @click=${() =>
        voice ? session.listening.close() : session.listening.open()}>${words.voice.start}</button>
      ${menu(share.share, html`
        <button @click=${() => keeping.share('experiment')}>${share.experiment}</button>
        <button ?disabled=${phase === 'new'} @click=${() => keeping.share('model')}>${share.model}</button>`)}
      <button ?disabled=${phase === 'new'} @click=${() => keeping.save()}>${share.save}</button>
      <button ?disabled=${!kept} @click=${() => keeping.load()}>${share.load}</button>
      ${menu(share.download, phase === 'new' ? html`<p class="small">${share.first}</p>` : html`
        <button @click=${() => keeping.download('safetensors')}>${share.weights} <small>safetensors</small></button>
        <button @click=${() => keeping.download('onnx')}>${share.onnx} <small>ONNX</small></button>
        <button @click=${() => keeping.download('html')}>${share.html} <small>HTML</small></button>`)}
      <button lang=${language === 'en' ? 'ko' : 'en'} @click=${() =>
        session.setLanguage(language === 'en' ? 'ko' : 'en')}>${share.language}</button>
    </div>`
}
