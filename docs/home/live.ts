import '../../examples/playground/src/elements/drawing.ts'
import type { Drawing, Draw } from '../../examples/playground/src/elements/drawing.ts'
import { lines } from '../../examples/playground/src/pictures/lines.ts'
import { rolledNetwork } from '../../examples/playground/src/pictures/rolled-network.ts'
import { lookAt, waveModel, waveTraining, type WaveLook } from './wave.ts'

/** It comes to rest after this many steps, so that a forgotten page does. */
const mostSteps = 1500
const stepsPerFrame = 2

const wavePicture = ({ truth, told, seen }: WaveLook, time: number): Draw => (surface, width, height, colours) => {
  const marks = [[1, '1'], [0, '0'], [-1, '−1']] as const
  const span = { least: -1.2, most: 1.2, marks }
  const both = [{ values: truth, colour: 'muted', broken: true }, { values: told, colour: 'accent' }] as const
  lines(both, span)(surface, width, height, colours)
  const x = (t: number): number => 40 + ((width - 44) * t) / (told.length - 1)
  surface.fillStyle = colours.warm
  surface.fillRect(x(time) - 0.5, 4, 1.5, height - 8)
  surface.fillStyle = colours.muted
  surface.globalAlpha = 0.12
  surface.fillRect(x(seen), 4, x(told.length - 1) - x(seen), height - 8)
  surface.globalAlpha = 1
}

const figure = document.querySelector<HTMLElement>('.live')
const still = matchMedia('(prefers-reduced-motion: reduce)')

/** Puts the network in the place of its picture, and trains it while somebody looks. */
const start = async (place: HTMLElement): Promise<void> => {
  const { step: stepWord, loss: lossWord, pause, resume, again } = place.dataset as Record<string, string>
  const find = <E extends Element>(name: string): E => place.querySelector<E>(name)!
  const [network, wave] = [document.createElement('play-drawing'), document.createElement('play-drawing')] as
    unknown as readonly [Drawing, Drawing]
  network.className = 'network'
  wave.className = 'wave'
  const [standing, pauseButton, againButton] =
    [find<HTMLElement>('.standing'), find<HTMLButtonElement>('.pause'), find<HTMLButtonElement>('.again')]
  find('.stage').replaceChildren(network, wave)

  let [model, turn, time, running, visible] = [waveModel(), 0, 0, true, true]
  let look = lookAt(model, turn)
  let steps = waveTraining(model, mostSteps)
  let [step, loss, busy] = [0, 0, false]
  new IntersectionObserver(([entry]) => { visible = entry?.isIntersecting ?? true }).observe(place)

  const show = (): void => {
    network.draw = rolledNetwork([look.stack], time)
    wave.draw = wavePicture(look, time)
    standing.textContent = step === 0 ? '' : `${stepWord} ${step} · ${lossWord} ${loss.toFixed(4)}`
    pauseButton.textContent = running ? pause! : resume!
    pauseButton.hidden = step >= mostSteps
  }
  const train = async (): Promise<void> => {
    if (busy || !running || !visible || document.hidden || step >= mostSteps) return
    busy = true
    const mine = steps
    for (let i = 0; i < stepsPerFrame; i++) {
      const { value, done } = await mine.next()
      if (done || mine !== steps) break
      ;({ step, loss } = value)
    }
    if (mine === steps && step % 10 === 0) look = lookAt(model, turn)
    busy = false
  }
  pauseButton.addEventListener('click', () => {
    running = !running
    show()
  })
  againButton.textContent = again!
  againButton.addEventListener('click', () => {
    model = waveModel()
    steps = waveTraining(model, mostSteps)
    ;[turn, time, step, loss, running] = [turn + 1, 0, 0, 0, true]
    look = lookAt(model, turn)
    show()
  })
  let [last, trained] = [0, 0]
  const frame = (now: number): void => {
    if (now - trained > 25) {
      trained = now
      void train()
    }
    if (now - last > 110 && visible && !document.hidden) {
      last = now
      if (running) time = (time + 1) % look.truth.length
      if (time === 0 && step >= mostSteps) look = lookAt(model, ++turn)
      show()
    }
    requestAnimationFrame(frame)
  }
  find<HTMLElement>('.controls').hidden = false
  show()
  requestAnimationFrame(frame)
}

if (figure) {
  const begin = (): void => void start(figure)
  // Someone who asked for little motion starts it by hand.
  if (!still.matches) begin()
  else {
    const button = figure.querySelector<HTMLButtonElement>('.start')!
    button.hidden = false
    button.addEventListener('click', () => {
      button.hidden = true
      begin()
    })
  }
}
