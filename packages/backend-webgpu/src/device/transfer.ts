import { expectNoGaps, expectWritable, type ReadBack } from '@recurra/backend/authoring'
import { forEachPosition, isContiguous, isIndices, sizeOf, type Floats, type Tensor } from '@recurra/tensor'
import type { Commands } from './commands.ts'
import type { AnyTensor, DeviceMemory, Region } from './memory.ts'

const word = 4

/** What a tensor covers of its buffer, and the place of its first element therein. */
const covered = (memory: DeviceMemory, x: AnyTensor): { readonly region: Region; readonly first: number } => {
  const located = memory.locate(x)
  if (!located || sizeOf(x.shape) === 0) return { region: { buffer: 0, offset: 0, size: 0 }, first: 0 }
  let [low, high] = [x.offset, x.offset]
  x.shape.forEach((count, axis) => {
    const reach = (count - 1) * x.stride[axis]!
    if (reach < 0) low += reach
    else high += reach
  })
  const region = { buffer: located.buffer, offset: (located.start + low) * word, size: (high - low + 1) * word }
  return { region, first: x.offset - low }
}

/** The elements of a tensor in row-major order, out of what it covers. */
const elementsIn = <Data extends Floats | Int32Array>(bytes: ArrayBuffer, x: Tensor<Data>, first: number): Data => {
  const words = isIndices(x) ? new Int32Array(bytes) : new Float32Array(bytes)
  if (isContiguous(x)) return words as Data
  const values = words.slice(0, sizeOf(x.shape))
  let next = 0
  forEachPosition(x, (position) => (values[next++] = words[position - x.offset + first]!))
  return values as Data
}

/** Writes and reads of the host. */
export class Transfer {
  readonly #memory: DeviceMemory
  readonly #commands: Commands

  constructor(memory: DeviceMemory, commands: Commands) {
    this.#memory = memory
    this.#commands = commands
  }

  write(to: AnyTensor, values: ArrayLike<number>): void {
    expectWritable(to, values)
    const located = this.#memory.locate(to)
    if (!located) return // a plan that is only measured
    const [{ buffer, start }, integers] = [located, isIndices(to)]
    if (isContiguous(to)) return this.#commands.write(buffer, (start + to.offset) * word, values, integers)
    let next = 0
    forEachPosition(to, (position) => {
      this.#commands.write(buffer, (start + position) * word, [values[next++]!], integers)
    })
  }

  async read<Data extends Floats | Int32Array>(from: Tensor<Data>): Promise<Data> {
    const { region, first } = covered(this.#memory, from)
    return elementsIn(await this.#commands.read([region]), from, first)
  }

  readBack(from: readonly Tensor[]): ReadBack {
    from.forEach(expectNoGaps)
    const regions = from.map((x) => covered(this.#memory, x).region)
    const values = new Float64Array(from.reduce((sum, { shape }) => sum + sizeOf(shape), 0))
    return {
      values,
      run: async () => values.set(new Float32Array(await this.#commands.read(regions))),
    }
  }
}
