import { after, type Scope } from '@recurra/backend'
import { namedVariables, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError, Random, sizeOf, type AbortSignalLike, type NamedTensor } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import { generatorsOf } from '../trainer/trainer-state.ts'
import { agreementValues, expectAgreement, sumsPerValue } from './agreement.ts'
import type { Replicas } from './alone.ts'
import { averagingOf } from './averaging.ts'
import type { Communicator, DataParallelOptions } from './communicator.ts'
import { hashOf } from './hash.ts'
import { rowsOfRank, shardOf, type Shard } from './shard.ts'
import type { TensorSum } from './tensor-sum.ts'

/** What one process has of a training in several. */
interface Part extends Required<DataParallelOptions> {
  readonly communicator: Communicator
}

/** One of several processes that train a model. */
export const replicasOf = (
  layer: Layer, whole: Data, given: AbortSignalLike | undefined, { communicator, data: kind, localSteps }: Part,
): Replicas => {
  const { rank, size } = communicator
  const shard: Shard | undefined = kind === 'whole' ? shardOf(whole, rank, size) : undefined
  const [from, to] = rowsOfRank(whole.batch, rank, size)
  const [agreed, generators] = [new AbortController(), generatorsOf(layer)]
  const values = new Float64Array(2 + sumsPerValue)
  let origins = generators.map(({ state }) => state)
  let average: Scope<TensorSum> | undefined

  const exchange = (elapsed: number): number | Promise<number> => {
    const own = { data: shard?.hash() ?? 0 }
    values.set([rank === 0 ? elapsed : 0, given?.aborted ? 1 : 0, ...agreementValues(own)])
    return after(communicator.allReduce(values), () =>
      after(expectAgreement(communicator, own, values.subarray(2)), () => {
        if (values[1]! > 0 && !agreed.signal.aborted) agreed.abort(given?.reason)
        return values[0]!
      }))
  }
  /** The rows of all processes, of a state that is carried. */
  const gathered = (one: NamedTensor): NamedTensor | Promise<NamedTensor> => {
    const shape = [whole.batch, ...one.shape.slice(1)]
    const width = sizeOf(one.shape.slice(1))
    const all = one.dtype === 'F64' ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape))
    all.set((one.read() as Float32Array).subarray(0, (to - from) * width), from * width)
    return after(communicator.allReduce(all), () => ({ ...one, shape, read: () => all }))
  }
  const ownRows = (one: NamedTensor): NamedTensor => {
    if (one.shape[0] !== whole.batch) return one // an error names what differs
    const width = sizeOf(one.shape.slice(1))
    return {
      ...one, shape: [to - from, ...one.shape.slice(1)],
      read: () => (one.read() as Float32Array).subarray(from * width, to * width),
    }
  }
  return {
    data: shard ?? whole,
    signal: agreed.signal,
    sharesUpdates: localSteps === 1,
    localSteps,
    isFirst: rank === 0,
    begin({ slots }) {
      origins = generators.map(({ state }) => [...state])
      if (localSteps === 1) return
      const { backend, params } = layer
      const states = [...slots.values()]
      const lists = Object.keys(states[0] ?? {}).map((slot) => states.map((one) => one[slot]!))
      const parameters = namedVariables(params).map(([, { value }]) => value)
      average = backend.scope(() => averagingOf(backend, [parameters, ...lists], communicator))
    },
    beginStep(step) {
      generators.forEach((generator, i) =>
        (generator.state = new Random(hashOf([origins[i]!, [step, rank, i]])).state))
    },
    meet: (elapsed) => after(average?.value(), () => exchange(elapsed)),
    toWhole(checkpoint) {
      const { carried } = checkpoint
      if (!shard && carried.state.length > 0) throw notWhole()
      return after(allInTurn(carried.state, gathered), (state) =>
        ({ ...checkpoint, generators: origins, carried: { ...carried, state } }))
    },
    toPart(checkpoint) {
      const { carried } = checkpoint
      return { ...checkpoint, carried: { ...carried, state: carried.state.map(ownRows) } }
    },
    end() {
      generators.forEach((generator, i) => (generator.state = origins[i]!))
      average?.[Symbol.dispose]()
    },
  }
}

/** One after the other: all processes must sum the same at the same time. */
const allInTurn = <T>(items: readonly T[], act: (item: T) => T | Promise<T>): T[] | Promise<T[]> =>
  items.reduce<T[] | Promise<T[]>>(
    (done, item) => after(done, (some) => after(act(item), (one) => [...some, one])) as T[] | Promise<T[]>, [])

const notWhole = (): ConfigurationError =>
  new ConfigurationError({
    where: 'dataParallel',
    expected: "data: 'whole', of which a checkpoint keeps the carried state of all rows",
    got: "data: 'part'",
    fix: 'Pass all of the data to every process, or train without checkpoints.',
  })
