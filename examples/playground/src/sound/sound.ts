import { chunk } from '@recurra/example-voice/listener'
import { sampleRate } from '@recurra/example-voice/wave'
import collector from './collector.ts?worker&url'

/** Sound that comes in chunks of samples, until it is paused. */
export interface Sound {
  play(): Promise<void>
  pause(): Promise<void>
  close(): Promise<void>
}

type Hear = (samples: Float32Array) => void
/** What sounds, and how it is switched off. */
interface Source {
  readonly node: AudioNode
  readonly stop: () => void
}

/** Sound from a source; with `aloud`, the person hears it, too. The browser resamples it. */
const open = async (sourceIn: (audio: AudioContext) => Promise<Source>, aloud: boolean, hear: Hear): Promise<Sound> => {
  const audio = new AudioContext({ sampleRate })
  try {
    await audio.suspend()
    await audio.audioWorklet.addModule(collector)
    const { node, stop } = await sourceIn(audio)
    const collecting = new AudioWorkletNode(audio, 'collector', {
      channelCount: 1, channelCountMode: 'explicit', processorOptions: { chunk },
    })
    collecting.port.onmessage = ({ data }: MessageEvent<Float32Array>) => hear(data)
    node.connect(collecting)
    if (aloud) collecting.connect(audio.destination)
    return {
      play: () => audio.resume(),
      pause: () => audio.suspend(),
      close() {
        stop()
        return audio.close()
      },
    }
  } catch (error) {
    await audio.close()
    throw error
  }
}

/** A recording, from its beginning. */
export const playRecording = (samples: Float32Array<ArrayBuffer>, hear: Hear): Promise<Sound> =>
  open(async (audio) => {
    const buffer = audio.createBuffer(1, samples.length, sampleRate)
    buffer.copyToChannel(samples, 0)
    const node = new AudioBufferSourceNode(audio, { buffer })
    node.start()
    return { node, stop: () => node.stop() }
  }, true, hear)

/**
 * The microphone, if the person lets it be heard. Browsers show it only to pages that came over https, or from this
 * machine.
 */
export const listenToMicrophone = (hear: Hear): Promise<Sound> =>
  open(async (audio) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } })
    const stop = (): void => stream.getTracks().forEach((track) => track.stop())
    try {
      return { node: new MediaStreamAudioSourceNode(audio, { mediaStream: stream }), stop }
    } catch (error) {
      stop()
      throw error
    }
  }, false, hear)
