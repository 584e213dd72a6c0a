import type { TourWords } from './tour-words.ts'

/** The tour in English. */
export const englishTour: TourWords = {
  start: 'Tour',
  title: 'Backpropagation through time, in five experiments',
  of: (at, all) => `${at} of ${all}`,
  look: 'Look at',
  back: 'Back',
  next: 'Next',
  end: 'Finish',
  close: 'End the tour',
  steps: {
    vanish: {
      title: 'Gradients vanish',
      text:
        'A tanh RNN reads a letter, then 23 meaningless symbols, and must name the letter. To learn that, the ' +
        'error at the last step has to travel back to the first. At each step it is multiplied by the recurrent ' +
        'weights and by the slope of tanh, which is below 1. After 23 steps almost nothing is left: the network ' +
        'cannot find out that the first letter mattered, so it forgets it and guesses. One in five is right; the ' +
        'loss stays at ln 5 = 1.61.',
      look: 'Gradient through time: it falls by six orders of magnitude. The loss: flat at 1.61.',
    },
    explode: {
      title: 'Gradients explode',
      text:
        'With ReLU and recurrent weights above 1, each step back makes the gradient larger instead. Training goes ' +
        'well for a while. Then one gradient is a hundred times larger than the others, one update throws the ' +
        'weights far away, and the network has lost what it learned.',
      look:
        'The training loss: it falls, and jumps up again. The gradient norm: mostly near 1, now and then far above ' +
        '10.',
    },
    clip: {
      title: 'Clip them',
      text:
        'The same network, the same seed, and one change: a gradient with a norm above 1 is scaled down to norm 1. ' +
        'Its direction stays the same, so the network still learns from it, but no single update can destroy what ' +
        'it has learned.',
      look: 'The training loss: it falls without the jumps. ✂ marks the steps that were clipped.',
    },
    gate: {
      title: 'Gates let them through',
      text:
        'The first task again, with an LSTM. Its cell is not multiplied by a matrix from step to step: it is ' +
        'scaled by the forget gate and added to. While that gate is near 1, the cell keeps the letter, and the ' +
        'gradient comes back along the same path almost whole. That is why an LSTM remembers what a tanh RNN ' +
        'forgets.',
      look: 'Gradient through time: it arrives. Gates, row f: near 1. After some hundred steps the loss falls to 0.',
    },
    attend: {
      title: 'Attention takes a shortcut',
      text:
        'Spelling a word backwards needs its first letter last. Attention does not carry it through every step: ' +
        'for each letter it spells, it reads all states of the encoder and takes what it needs. The path back for ' +
        'the gradient is just as short: one step to each letter of the word.',
      look: 'Attention: after a while a diagonal from top right to bottom left. It reads the word from its end.',
    },
  },
}
