/** The words of listening, in English. */
export const englishVoice = {
  start: 'Voice',
  title: 'Speech or silence?',
  about:
    'Silero VAD, a network that others trained, detects speech. Recurra imports it from an ONNX file and runs it in ' +
    'the worker of this page, one chunk of 32 ms at a time. The sound does not leave the page.',
  source: 'Listen to',
  recording: 'A recording',
  microphone: 'Your microphone',
  listen: 'Listen', pause: 'Pause', resume: 'Continue', again: 'Listen again',
  close: 'Stop listening',
  loading: 'Loading the network…',
  asking: 'Waiting for the microphone…',
  ready: 'Not listening yet',
  speech: 'Speech', silence: 'Silence',
  /** What the picture shows, for those who do not see it. */
  picture: (seconds: string, probability: string): string =>
    `The waveform, and below it the probability of speech. After ${seconds} seconds: ${probability}`,
  likely: 'probability of speech',
  heard: 'Speech heard, in seconds:',
  nothing: 'No speech heard yet.',
  runs: (parameters: string, engine: string): string => `${parameters} parameters, in a worker: ${engine}.`,
  time: (milliseconds: string): string => `A chunk of 32 ms takes ${milliseconds} ms.`,
  denied: 'This page may not use the microphone. Allow it in the address bar, or listen to the recording.',
  none: 'There is no microphone. Listen to the recording instead.',
  secure: 'Browsers share the microphone only with pages from https. Listen to the recording instead.',
  failed: (reason: string): string => `The browser gives no sound: ${reason}`,
  offline: 'The network could not be loaded. Try again when you are online.',
}

/** The words of listening in some language. */
export type VoiceWords = typeof englishVoice
