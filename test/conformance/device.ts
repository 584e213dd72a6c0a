import { expectAtOnce, javascript, type Backend, type Kernel } from '@recurra/backend'
import { indexCount, indicesOver, isIndices, tensorOver, type Floats, type Indices, type Tensor } from '@recurra/tensor'

type AnyTensor = Tensor<Floats | Int32Array>

/**
 * A backend as a device is one: its memory cannot be looked at from outside, it computes in its own time, and its
 * kernels cannot throw. What is asked of it waits in a queue, until somebody reads. `asked` counts who did.
 */
export const device = (): { readonly backend: Backend; readonly asked: () => number } => {
  const { profiling: _, ...machine } = javascript({ dtype: 'float64' }) // the time of a call is not that of its work
  const memory = new WeakMap<object, Floats | Int32Array>()
  const queue: (() => void)[] = []
  let asked = 0

  const hidden = <T extends AnyTensor>({ data, shape }: T, count?: number): T => {
    const handle = data instanceof Int32Array ? new Int32Array(0) : new Float64Array(0)
    memory.set(handle, data)
    const made: AnyTensor = handle instanceof Int32Array ? indicesOver(handle, shape, count) : tensorOver(handle, shape)
    return made as T
  }
  const real = <T extends AnyTensor>(x: T): T => {
    const data = memory.get(x.data)
    if (!data) throw new Error('not a tensor of this device')
    const { shape, stride, offset } = x
    if (!(data instanceof Int32Array)) return { data, shape, stride, offset } as AnyTensor as T
    return { ...indicesOver(data, shape, indexCount(x as Indices)), stride, offset } as AnyTensor as T
  }
  const all = <O extends object>(operands: O): O =>
    Object.fromEntries(Object.entries(operands).map(([name, x]: [string, unknown]) =>
      [name, typeof x === 'object' ? real(x as AnyTensor) : x])) as O
  const queued = (kernel: Kernel): Kernel => (step) => void queue.push(() => kernel(step))
  const later = async <T>(read: () => T): Promise<T> => {
    asked++
    let result: T
    queue.push(() => (result = read()))
    await new Promise((done) => setTimeout(done))
    for (const run of queue.splice(0)) run()
    return result!
  }
  const backend: Backend = {
    ...machine,
    name: 'device',
    answersLater: true,
    zeros: (shape) => hidden(machine.zeros(shape)),
    indices: (shape, count) => hidden(machine.indices(shape, count), count),
    write(to, values) {
      const staged = isIndices(to)
        ? machine.indices(to.shape, indexCount(to) < Infinity ? indexCount(to) : undefined)
        : machine.zeros(to.shape)
      machine.write(staged, values) // checked now, and copied
      queue.push(() => machine.write(real(to), staged.data))
    },
    read() {
      return expectAtOnce(backend, '`readAsync`') as never
    },
    readAsync: (from) => later(() => machine.read(real(from))),
    readBack(from) {
      const { values, run } = machine.readBack(from.map(real))
      const shown = new Float64Array(values.length).fill(Number.NaN)
      return {
        values: shown,
        run: () =>
          later(() => {
            void run()
            return values.slice()
          }).then((read) => shown.set(read)),
      }
    },
    matmul: (operands) => queued(machine.matmul(all(operands))),
    batchedMatmul: (operands) => queued(machine.batchedMatmul(all(operands))),
    packedMatmul(operands) {
      const { prepare, run } = machine.packedMatmul(all(operands))
      return { prepare: () => void queue.push(prepare), run: queued(run) }
    },
    formula: (program, operands) => queued(machine.formula(program, all(operands))),
    gather: (operands) => queued(machine.gather(all(operands))),
    scatterAdd: (operands) => queued(machine.scatterAdd(all(operands))),
  }
  return { backend, asked: () => asked }
}
