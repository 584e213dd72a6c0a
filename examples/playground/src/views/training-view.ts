import { html, nothing, type TemplateResult } from 'lit'
import { overfittingSince } from '../state/measures.ts'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { planOf } from './plan.ts'
import { slider } from './slider.ts'

const rates: readonly number[] = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]
const clips: readonly number[] = [0, 0.1, 0.25, 0.5, 1, 2, 5, 10, 50]
/** What 32-bit floats can tell from 0 in a mean of numbers near 1: a smaller loss is noise. */
const smallest = 1e-7

const number = (value: number): string =>
  value < 0.01 ? value.toExponential(1) : value.toLocaleString('en', { maximumSignificantDigits: 3 })

/** A loss in digits that mean something. */
export const lossInDigits = (loss: number): string =>
  loss < smallest ? '< 1e-7' : loss < 0.001 ? number(loss) : loss.toFixed(loss < 0.1 ? 4 : 3)

const figure = (name: string, value: string | undefined, id: string): TemplateResult =>
  html`<div>
    <dt>${name}</dt>
    <dd data-figure=${id}>${value ?? '–'}</dd>
  </div>`

const figures = (session: Session, { standing, parameters, measures, experiment }: State): TemplateResult => {
  const { words: { training, tasks } } = session
  const { clip, task } = experiment
  const heldOut = measures.at(-1)?.heldOut
  const clipped = standing !== undefined && clip > 0 && standing.gradientNorm > clip
  return html` <dl class="figures">
    ${figure(training.loss, standing && lossInDigits(standing.loss), 'loss')}
    ${figure(training.heldOut, heldOut && lossInDigits(heldOut.loss), 'held-out')}
    ${heldOut?.accuracy === undefined
      ? nothing
      : figure(training.accuracy, `${(100 * heldOut.accuracy).toFixed(1)} %`, 'accuracy')}
    ${figure(training.stepCount, standing?.step.toLocaleString('en'), 'step')}
    ${figure(
      training.speed(tasks[task].items), standing && Math.round(standing.itemsPerSecond).toLocaleString('en'), 'speed',
    )}
    ${figure(training.gradient, standing && `${number(standing.gradientNorm)}${clipped ? ' ✂' : ''}`, 'gradient')}
    ${figure(training.parameters, parameters?.toLocaleString('en'), 'parameters')}
  </dl>`
}

const controls = (session: Session, { phase }: State, faulty: boolean): TemplateResult => {
  const { words: { training } } = session
  return html` <div class="controls main-controls">
    ${
      phase === 'running'
        ? html`<button class="primary" @click=${() => session.pause()}>${training.pause}</button>`
        : html`<button class="primary" ?disabled=${faulty} @click=${() => session.train()}>
            ${phase === 'new' ? training.train : training.resume}
          </button>`
    }
    <button ?disabled=${faulty || phase === 'running'} @click=${() => session.step()}>${training.step}</button>
    <button ?disabled=${phase === 'new'} @click=${() => session.change({})}>${training.reset}</button>
  </div>`
}

const settings = (session: Session, { gpu, experiment }: State): TemplateResult => {
  const { seed, optimizer, learningRate, clip } = experiment
  const { words: { training } } = session
  return html` <div class="sliders">
      ${slider({
        id: 'learningRate', label: training.rate, values: rates, value: learningRate,
        write: String, change: (value) => session.setLearningRate(value),
      })}
      ${slider({
        id: 'clip', label: training.clip, values: clips, value: clip,
        write: (value) => (value > 0 ? String(value) : training.never), change: (value) => session.setClip(value),
      })}
    </div>
    <div class="pickers">
      <label>${training.optimizer}
        <select @change=${({ target }: Event) =>
          session.change({ optimizer: (target as HTMLSelectElement).value as 'adam' | 'sgd' }, { goOn: true })}>
          <option value="adam" ?selected=${optimizer === 'adam'}>Adam</option>
          <option value="sgd" ?selected=${optimizer === 'sgd'}>SGD</option>
        </select>
      </label>
      <label>${training.seed}
        <input
          type="number"
          min="1"
          step="1"
          .value=${String(seed)}
          @change=${({ target }: Event) =>
            session.change({ seed: Math.max(1, Math.round(Number((target as HTMLInputElement).value)) || 1) })}
      /></label>
      <label>${training.device}
        <select @change=${({ target }: Event) => session.setGpu((target as HTMLSelectElement).value === 'gpu')}>
          <option value="processor" .selected=${!gpu}>${training.processor}</option>
          <option value="gpu" .selected=${gpu}>GPU (WebGPU)</option>
        </select>
      </label>
    </div>`
}

/** What makes it learn, and how it fares on the training data and on held-out data. */
export const trainingView = (session: Session, state: State): TemplateResult => {
  const { engine, standing, curve, measures, experiment } = state
  const { words: { training } } = session
  const { faulty } = planOf(experiment)
  const [heldOut, overfitting] = [measures.at(-1)?.heldOut.loss, overfittingSince(measures)]
  return html` <section class="training" aria-labelledby="training-title">
    <h2 id="training-title">${training.title}</h2>
    ${controls(session, state, faulty)}
    ${faulty ? html`<p class="fault">${training.misfit}</p>` : nothing}
    ${figures(session, state)}
    ${
      standing
        ? html`<play-losses
            .curve=${curve}
            .measures=${measures}
            role="img"
            aria-label=${training.chart(
              lossInDigits(standing.loss), heldOut === undefined ? '' : lossInDigits(heldOut),
            )}
          ></play-losses>
          <p class="small legend"><i class="accent"></i> ${training.loss} <i class="warm"></i> ${training.heldOut}</p>`
        : html`<p class="empty tall">${training.waiting}</p>`
    }
    ${overfitting === undefined
      ? nothing
      : html`<p class="fault" data-overfitting>${training.overfitting(overfitting.toLocaleString('en'))}</p>`}
    ${settings(session, state)}
    <p class="small">${engine ? training.runs(engine) : training.press}</p>
  </section>`
}
