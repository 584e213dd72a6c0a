import type { Layer } from './layer.ts'
import { describeSignal, type Signal } from './signal.ts'
import { countParameters } from './variable.ts'

/** A table of layers by name: what each gives, and how many numbers it learns, with their sum at the end. */
export const summaryOf = (input: Signal, layers: readonly (readonly [name: string, layer: Layer])[]): string => {
  const counts = layers.map(([, { params }]) => countParameters(params))
  const lines = [
    ['', 'input', describeSignal(input), ''],
    ...layers.map(([name, { type, out }], i) => [name, type, describeSignal(out), counts[i]!.toLocaleString('en')]),
    ['', '', 'parameters', counts.reduce((a, b) => a + b, 0).toLocaleString('en')],
  ]
  const width = (column: number): number => Math.max(...lines.map((cells) => cells[column]!.length))
  return lines
    .map(([name, type, gives, count]) =>
      [name!.padEnd(width(0)), type!.padEnd(width(1)), gives!.padEnd(width(2)), count!.padStart(width(3))]
        .join('  ').trimEnd(),
    )
    .join('\n')
}
