import { html, nothing, type TemplateResult } from 'lit'
import { voicePicture } from '../pictures/voice-picture.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { secondsAfter, type Voice, type VoiceSource } from '../state/voice.ts'
import type { Words } from '../words/words.ts'

const sources: readonly VoiceSource[] = ['recording', 'microphone']

/** What is heard right now, in a word. */
const standing = ({ source, phase, began, heard }: Voice, { voice: words }: Words): string => {
  if (phase === 'loading') return source === 'microphone' ? words.asking : words.loading
  if (heard === 0) return words.ready
  return began === undefined ? words.silence : words.speech
}

const controls = (session: Session, { source, phase }: Voice): TemplateResult => {
  const { words: { voice: words }, listening } = session
  const label = {
    loading: words.listen, ready: words.listen, running: words.pause, paused: words.resume, ended: words.again,
  }
  return html`<div class="controls">
    <button class="primary" ?disabled=${phase === 'loading'}
      @click=${() => (phase === 'running' ? listening.pause() : listening.start())}>${label[phase]}</button>
    <div class="tasks" role="radiogroup" aria-label=${words.source}>
      ${sources.map((one) => html`
        <label class="task">
          <input type="radio" name="voice" value=${one} .checked=${one === source} ?disabled=${phase === 'loading'}
            @change=${() => listening.choose(one)}>
          <span>${words[one]}</span>
        </label>`)}
    </div>
  </div>`
}

const spansOf = ({ spans, began }: Voice, { voice: words }: Words): TemplateResult => {
  const written = [
    ...spans.map(({ from, to }) => `${from.toFixed(2)}–${to.toFixed(2)}`),
    ...(began === undefined ? [] : [`${began.toFixed(2)}–…`]),
  ]
  return html`<p class="small">${written.length === 0 ? words.nothing : html`
    ${words.heard} <span data-spans>${written.join(', ')}</span>`}</p>`
}

/** A voice, and how likely a network thinks that it is one. */
export const voiceView = (session: Session, { voice }: State): TemplateResult | typeof nothing => {
  if (!voice) return nothing
  const { words } = session
  const { detector, heard, probabilities, milliseconds, began, refusal } = voice
  const [last, seconds] = [probabilities.at(-1), secondsAfter(heard).toFixed(1)]
  const probability = last === undefined ? '–' : last.toFixed(2)
  return html` <section class="voice" aria-labelledby="voice-title">
    <div class="title-row">
      <h2 id="voice-title">${words.voice.title}</h2>
      <button class="icon" aria-label=${words.voice.close} @click=${() => session.listening.close()}>×</button>
    </div>
    <p>${words.voice.about}</p>
    ${controls(session, voice)}
    ${refusal === undefined ? nothing : html`<p class="fault" role="alert">${refusal}</p>`}
    <p class="standing">
      <strong role="status" class=${began === undefined ? '' : 'speaking'}>${standing(voice, words)}</strong>
      <span class="legend"><i class="warm"></i>${words.voice.likely}:
        <span data-probability>${probability}</span></span>
    </p>
    <play-drawing class="voice-picture" role="img" .draw=${voicePicture(voice)}
      aria-label=${words.voice.picture(seconds, probability)}></play-drawing>
    ${spansOf(voice, words)}
    <p class="small">${detector
      ? words.voice.runs(detector.parameters.toLocaleString('en'), detector.engine) : words.voice.loading}
      ${milliseconds === undefined ? nothing : words.voice.time(milliseconds.toFixed(2))}</p>
  </section>`
}
