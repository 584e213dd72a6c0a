import type { Wire } from '../network/kinds.ts'
import type { Fault } from '../network/wires.ts'
import type { TaskName } from '../tasks/offers.ts'
import { gates, kinds, page, tasks } from './english-tables.ts'
import { englishTour } from './english-tour.ts'
import { englishVoice } from './english-voice.ts'
import type { TourWords } from './tour-words.ts'

const nouns: { readonly [kind in Wire['kind']]: string } =
  { sequence: 'a sequence', vector: 'one vector', tokens: 'symbols' }

/** The words of the page in English. */
export const english = {
  language: 'en',
  title: 'playground', tagline: 'Stack layers. Unroll time. See what happens.',
  tour: englishTour as TourWords, voice: englishVoice,
  page, tasks, kinds,
  gate: (gate: string, type: string): string => gates[gate]?.[type] ?? gate,
  sides: { encoder: 'Encoder', layers: 'Layers', decoder: 'Decoder', forward: 'forward', backward: 'backward' },
  share: {
    group: 'Save and share',
    share: 'Share',
    experiment: 'Link to the experiment',
    model: 'Link with the trained network',
    save: 'Save', load: 'Load', download: 'Download', language: '한국어', dismiss: 'Dismiss',
    first: 'Train at least one step first.',
    weights: 'Weights', onnx: 'Model', html: 'Stand-alone page',
  },
  notices: {
    nothing: 'There is nothing to save before the first step.',
    saved: 'Saved in this browser.',
    loaded: 'Loaded. Train continues from there.',
    downloaded: (file: string): string => `Downloaded ${file}.`,
    shared: (size: string): string => `Copied: a link to this task, network and settings (${size}).`,
    withoutText: (size: string): string =>
      `Copied: a link to this task, network and settings (${size}), without the text, which is too long for a link.`,
    textTooLong: (most: number): string =>
      `A network needs its text, and a link holds at most ${most} characters. Download it instead.`,
    sharedModel: (size: string): string => `Copied: a link with the trained network, its weights rounded (${size}).`,
    opened: 'This network came with the link. Train continues from it.',
    paused: (steps: string): string => `Paused after ${steps} steps. Continue, or change something.`,
    digits: 'The digits could not be loaded. Reload the page when you are online again.',
    short: (least: number, got: number): string => `A text needs at least ${least} characters; this one has ${got}.`,
    noGpu: 'This browser offers no GPU by WebGPU here, so the processor trains instead.',
    damaged: 'This link is damaged or from another version: it was ignored.',
  },
  task: {
    title: 'Task',
    text: (length: string): string => `The text (${length} characters). Paste another:`,
    upload: 'Upload a text file', dataSize: 'Data', noise: 'Noise', dropout: 'Dropout', none: 'none',
  },
  network: {
    title: 'Network',
    about: 'Drag layers, or use the buttons. The numbers between layers are the sizes of the data.',
    up: (layer: string): string => `Move ${layer} up`,
    down: (layer: string): string => `Move ${layer} down`,
    remove: (layer: string): string => `Remove ${layer}`,
    add: (layer: string): string => `Add ${layer}`,
    palette: (stack: string): string => `Add a layer: ${stack.toLowerCase()}`,
    units: 'Units', scale: 'Recurrent scale', fixed: 'set by the task', last: 'Last step',
    wire: ({ kind, size }: Wire): string =>
      kind === 'tokens' ? `${size} symbols` : kind === 'vector' ? `one vector of ${size}` : `${size} per step`,
    fault: (fault: Fault): string => {
      if (fault.kind === 'noSource') return 'Needs a source to attend to, and this task has none here. Remove it.'
      if (fault.kind !== 'input')
        return 'Expects the whole sequence, but here each step is predicted before the next is known. Use a GRU.'
      const fixes = {
        tokens: 'Put an embedding before it.',
        vector: 'Move it before the layer that returns one vector.',
        sequence: 'Move it to the start, or remove it.',
      }
      const expected = fault.expected.map((one) => nouns[one]).join(' or ')
      return `Expects ${expected}, gets ${nouns[fault.got]}. ${fixes[fault.got]}`
    },
  },
  picture: {
    title: 'The network at work',
    unroll: 'Unroll in time',
    roll: 'Roll up', step: 'Step in time',
    rolled: (t: number, all: number): string => `The network at step ${t} of ${all}; each circle is a unit`,
    unrolled: 'The network unrolled in time: each column is a step, the lower arrows are gradients flowing back',
  },
  training: {
    title: 'Training',
    train: 'Train', pause: 'Pause',
    resume: 'Continue',
    step: 'Step',
    reset: 'Reset',
    seed: 'Seed',
    rate: 'Learning rate',
    clip: 'Clip gradients at',
    never: 'never',
    optimizer: 'Optimizer',
    device: 'Runs on',
    processor: 'Processor',
    loss: 'Training loss',
    heldOut: 'Held-out loss',
    accuracy: 'Held-out accuracy',
    stepCount: 'Step',
    speed: (items: string): string => `${items} / s`,
    gradient: 'Gradient norm',
    parameters: 'Parameters',
    misfit: 'The network does not fit together yet: see the marked layer.',
    chart: (loss: string, heldOut: string): string =>
      `Loss over the steps: now ${loss} in training${heldOut && `, ${heldOut} on held-out data`}`,
    waiting: 'The losses will be drawn here.',
    overfitting: (step: string): string =>
      `Overfitting since step ${step}: held-out loss rises while training loss falls. Try dropout or more data.`,
    runs: (engine: string): string => `Runs in a worker: ${engine}.`,
    press: 'Training runs in a worker of this page; nothing leaves it.',
  },
  answers: {
    titles: {
      text: 'What it generates',
      echo: 'What it predicts',
      parity: 'What it predicts',
      adding: 'What it predicts',
      recall: 'What it predicts',
      digits: 'What it reads',
      sine: 'How it continues',
      reversal: 'What it spells',
    } as { readonly [name in TaskName]: string },
    empty: 'Nothing yet. Press Train.',
    prompt: 'Start',
    temperature: 'Temperature',
    write: 'Write',
    wave: 'The true wave, and its continuation by the network',
    truth: 'the wave',
    predictedFrom: (from: number): string =>
      `predicted; from step ${from} on it reads only its own predictions`,
    steps: 'Step by step',
    reads: 'reads',
    target: 'target',
    predicted: 'predicts',
    right: (right: number, all: number): string => `${right} of ${all} right.`,
    attention: 'Attention',
    attends: 'Each row is a letter it spells; the darker a cell, the more it attends to that letter of the word.',
    digit: 'A held-out digit',
    is: (target: string, predicted: string): string => `a ${target}, read as ${predicted}`,
    draw: 'Draw one, large. With the keyboard, arrows move the pen and draw while Shift is held.',
    clear: 'Clear',
    pad: 'A square to draw a digit on: arrow keys move the pen, with Shift they draw',
  },
  states: {
    title: 'Activity over time',
    empty: 'Which unit responds to which character, and how far the gates are open.',
    none: 'No layer of this network has a state. Add an LSTM, for example.',
    layer: 'Layer',
    unit: 'Unit',
    another: 'Read another sequence',
    units: 'Units over time',
    map: (layer: string, units: number, steps: number): string =>
      `The state of ${layer}: ${units} units over ${steps} steps. Arrow keys move, Shift selects steps`,
    value: (unit: number, step: number, read: string, value: string): string =>
      `unit ${unit}, step ${step}${read && ` “${read}”`}: ${value}`,
    help: 'Hover or use arrow keys to read a value. Drag over steps, or hold Shift, to select a pattern.',
    gateOf: (unit: number): string => `Gates of unit ${unit}`,
    find: 'Find this pattern elsewhere',
    found: (units: number): string => `${units} units are active throughout. Also in:`,
    noUnits: 'No unit is active throughout (beyond 0.3). Select fewer steps, or train longer.',
    matrix: (step: number): string => `The state matrix after step ${step}`,
    matrixHelp: 'A row for each key, a column for each value. The map above shows the length of each row.',
    clear: 'Clear the selection',
    below: 'below 0',
    above: 'above 0',
  },
  gradients: {
    title: 'Gradient through time',
    empty: 'How far back an error reaches: do gradients vanish, explode or arrive?',
    about: 'The gradient of the loss at the last step, at each step before it. From the first step to the last.',
    label: 'The gradient norm at each step, for each layer',
    vanishes: 'vanishes: the first steps learn nothing from the last',
    explodes: 'explodes: clip it',
    fades: 'fades',
    arrives: 'arrives',
  },
}

/** The words of the page in some language. */
export type Words = typeof english
