import { arrow, box, picture } from './svg.ts'

const [width, gap, top, height] = [112, 26, 30, 54]
const moments = [
  ['encode', 'with a checksum'], ['write', 'beside, as .part'], ['flush', 'the file'], ['rename', ''],
  ['flush', 'the folder'],
] as const
const left = (i: number): number => 16 + i * (width + gap)
const renamed = left(3) + width / 2

/** What happens when a checkpoint is saved, and what a stop at each moment leaves. */
export const checkpointPicture: string = picture(
  'Saving a checkpoint: until it is renamed a stop leaves the one before, from then on the new one',
  { width: 696, height: 180 },
  [
    ...moments.map(([label, note], i) =>
      box({ x: left(i), y: top, width, height, label, ...(note && { note }), strong: label === 'rename' }),
    ),
    ...moments
      .slice(1)
      .map((_, i) => arrow({ x: left(i) + width, y: top + height / 2 }, { x: left(i + 1), y: top + height / 2 })),
    box({
      x: left(0),
      y: 120,
      width: renamed - left(0) - 8,
      height: 40,
      label: 'a stop leaves the one before',
      empty: true,
    }),
    box({
      x: renamed + 8,
      y: 120,
      width: left(4) + width - renamed - 8,
      height: 40,
      label: 'it leaves the new one',
      empty: true,
    }),
  ],
)
