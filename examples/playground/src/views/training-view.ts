import { html, nothing, type TemplateResult } from 'lit'
import type { Session } from '../state/session.ts'
import type { State } from '../state/state.ts'
import { offerOf } from '../tasks/offers.ts'
import { planOf } from './plan.ts'
import { slider } from './slider.ts'

const rates: readonly number[] = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
const clips: readonly number[] = [0, 0.1, 0.25, 0.5, 1, 2, 5, 10, 50]

const number = (value: number): string =>
  value < 0.01 ? value.toExponential(1) : value.toLocaleString('en', { maximumSignificantDigits: 3 })

const lossInDigits = (loss: number): string => (loss < 0.001 ? number(loss) : loss.toFixed(loss < 0.1 ? 4 : 3))

const figure = (name: string, value: string, id: string): TemplateResult =>
  html`<div>
    <dt>${name}</dt>
    <dd data-figure=${id}>${value}</dd>
  </div>`

const figures = ({ standing, parameters, experiment: { clip } }: State, items: string): TemplateResult => {
  const clipped = standing !== undefined && clip > 0 && standing.gradientNorm > clip
  return html` <dl class="figures">
    ${figure('Loss', standing ? lossInDigits(standing.loss) : '–', 'loss')}
    ${figure('Step', standing ? standing.step.toLocaleString('en') : '–', 'step')}
    ${figure(`${items} / s`, standing ? Math.round(standing.itemsPerSecond).toLocaleString('en') : '–', 'speed')}
    ${figure('Gradient', standing ? `${number(standing.gradientNorm)}${clipped ? ' ✂' : ''}` : '–', 'gradient')}
    ${figure('Parameters', parameters?.toLocaleString('en') ?? '–', 'parameters')}
  </dl>`
}

/** What makes it learn, and how it fares. */
export const trainingView = (session: Session, state: State): TemplateResult => {
  const { experiment, phase, engine } = state
  const { faulty } = planOf(experiment)
  const items = offerOf(experiment.task).items
  return html` <section aria-labelledby="training-title">
    <h2 id="training-title">Training</h2>
    <div class="controls">
      ${
        phase === 'running'
          ? html`<button class="primary" @click=${() => session.pause()}>Pause</button>`
          : html`<button class="primary" ?disabled=${faulty} @click=${() => session.train()}>
              ${phase === 'new' ? 'Train' : 'Go on'}
            </button>`
      }
      <button ?disabled=${faulty || phase === 'running'} @click=${() => session.step()}>Step</button>
      <button ?disabled=${phase === 'new'} @click=${() => session.reset()}>Reset</button>
      <label class="seed"
        >Seed
        <input
          type="number"
          min="1"
          step="1"
          .value=${String(experiment.seed)}
          @change=${({ target }: Event) =>
            session.change({ seed: Math.max(1, Math.round(Number((target as HTMLInputElement).value)) || 1) })}
      /></label>
    </div>
    ${faulty ? html`<p class="fault">The network does not fit together yet: see where it is marked.</p>` : nothing}
    <div class="sliders">
      ${slider({
        id: 'learningRate', label: 'Learning rate', values: rates, value: experiment.learningRate,
        write: String, change: (learningRate) => session.setLearningRate(learningRate),
      })}
      ${slider({
        id: 'clip', label: 'Clip gradients at', values: clips, value: experiment.clip,
        write: (clip) => (clip > 0 ? String(clip) : 'never'), change: (clip) => session.setClip(clip),
      })}
    </div>
    ${figures(state, items)}
    ${
      state.standing
        ? html`<play-losses
            .curve=${state.curve}
            role="img"
            aria-label=${`The loss over the steps, now ${state.standing.loss.toFixed(3)}`}
          ></play-losses>`
        : html`<p class="empty tall">The loss is drawn here, step by step.</p>`
    }
    <p class="small">
      ${engine
        ? `Runs in a worker: ${engine}.`
        : 'Press Train: it runs in a worker of this page, and nothing leaves it.'}
    </p>
  </section>`
}
