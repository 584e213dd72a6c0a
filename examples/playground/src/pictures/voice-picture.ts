import type { Draw } from '../elements/drawing.ts'
import { peaksPerChunk, secondsAfter, shownChunks, type Voice } from '../state/voice.ts'

const [left, between, axis] = [40, 14, 20]
/** The probability from which on it is speech. */
const threshold = 0.5

/**
 * The sound, and below it how likely it is speech, over the same seconds: what was heard in color, speech shaded. Of a
 * microphone the last seconds move through the picture.
 */
export const voicePicture =
  ({ source, peaks, probabilities, heard, spans, began }: Voice): Draw =>
  (surface, width, height, { accent, muted, line, warm, ink }) => {
    const total = Math.max(1, source === 'recording' ? peaks.length / peaksPerChunk : shownChunks)
    const first = source === 'recording' ? 0 : Math.max(0, heard - total)
    const [top, bottom] = [Math.round(0.46 * height), height - axis]
    const x = (chunk: number): number => left + ((width - left) * (chunk - first)) / total
    const y = (probability: number): number => bottom - (bottom - top - between) * probability
    const perSecond = 1 / secondsAfter(1)

    const all = began === undefined ? spans : [...spans, { from: began, to: secondsAfter(heard) }]
    surface.fillStyle = accent
    surface.globalAlpha = 0.13
    for (const { from, to } of all) {
      const begin = Math.max(left, x(from * perSecond))
      surface.fillRect(begin, 0, Math.max(0, x(to * perSecond) - begin), bottom)
    }
    surface.globalAlpha = 1

    surface.font = '12px system-ui, sans-serif'
    surface.fillStyle = muted
    surface.textBaseline = 'middle'
    surface.textAlign = 'right'
    for (const [at, label] of [[1, '1'], [threshold, '0.5'], [0, '0']] as const) {
      surface.fillStyle = muted
      surface.fillText(label, left - 8, y(at))
      surface.fillStyle = line
      surface.fillRect(left, y(at), width - left, 1)
    }
    surface.fillStyle = muted
    surface.textAlign = 'center'
    const every = width < 500 ? 2 : 1
    let second = Math.ceil(secondsAfter(first) / every) * every
    for (let at = x(second * perSecond); at < width - 12; at = x((second += every) * perSecond))
      surface.fillText(`${second} s`, at, height - axis / 2 + 2)

    const loudest = Math.max(0.05, ...peaks.map(([lowest, highest]) => Math.max(-lowest, highest)))
    const middle = top / 2
    const step = (width - left) / (total * peaksPerChunk)
    const begin = source === 'recording' ? 0 : heard - peaks.length / peaksPerChunk
    peaks.forEach(([lowest, highest], i) => {
      const at = begin + i / peaksPerChunk
      surface.fillStyle = at < heard ? accent : muted
      surface.globalAlpha = at < heard ? 1 : 0.45
      const [above, below] = [(highest / loudest) * middle, (lowest / loudest) * middle]
      surface.fillRect(x(at), middle - above, Math.max(0.75, step - 0.25), Math.max(1, above - below))
    })
    surface.globalAlpha = 1

    surface.beginPath()
    probabilities.forEach((probability, i) =>
      surface.lineTo(x(heard - probabilities.length + i + 0.5), y(probability)))
    surface.strokeStyle = warm
    surface.lineWidth = 2
    surface.lineJoin = 'round'
    surface.stroke()
    if (heard === 0) return
    surface.fillStyle = ink
    surface.fillRect(Math.min(width - 1, x(heard)), 0, 1, bottom)
  }
