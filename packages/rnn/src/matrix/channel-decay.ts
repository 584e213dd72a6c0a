import type { Kernel } from '@recurra/backend'
import { input, type Expression } from '@recurra/formula'
import { DerivedFormula, zero, type Tape, type Variable } from '@recurra/layers/authoring'
import { slice, type Tensor } from '@recurra/tensor'
import { asRowsOfSteps, disjointViewInside, viewInside, type ChunkDecay, type Chunks } from './chunk-decay.ts'

const [x, decay, query, read, key] = ['x', 'decay', 'query', 'read', 'key'].map((name) => input(name)) as
  [Expression, Expression, Expression, Expression, Expression]
const further = /* @__PURE__ */ new DerivedFormula({ y: x.mul(decay) })
const carried = /* @__PURE__ */ new DerivedFormula({ y: x.mul(input('decay', 'row')) })
const own = /* @__PURE__ */ new DerivedFormula({ next: key }, { scored: query.mul(key) })
const [later, laterRead] = [{}, { reads: read.mul(key) }].map((reads) => /* @__PURE__ */ new DerivedFormula(
  { next: key.mul(decay) }, { scored: query.mul(key.mul(decay)), ...reads },
)) as [DerivedFormula, DerivedFormula]

/** The first rows of a matrix, or of one per chunk. */
const firstRows = (of: Tensor, count: number): Tensor => slice(of, of.shape.length - 2, 0, count)

/**
 * One decay per row of the matrix: [chunks, C, groups, keys]. Within a chunk, each key decays from step to step, and
 * meets the query of each later step on its way: as many formulas as a chunk has steps, each for the pairs at one
 * distance. Nothing is divided, so that a decay may be 0.
 */
export const channelDecay = (
  whole: Tape, tape: Tape, given: Variable, { count, size }: Chunks, [groups, keys]: readonly [number, number],
): ChunkDecay => {
  const { backend } = tape
  const wide = groups * keys
  const decays: Variable = { ...given, accumulates: true }
  const start: Variable = { ...whole.variable(count, size + 1, groups, keys), accumulates: true }
  backend.write(start.value, new Float64Array(count * (size + 1) * wide).fill(1))
  const step = (of: Variable, i: number): Variable =>
    viewInside(of, 4, [count, wide], [of.value.stride[0]!, 1], i * wide)
  for (let i = 0; i < size; i++)
    whole.formula(further, { y: step(start, i + 1) }, { x: step(start, i), decay: step(decays, i) })

  /**
   * Scores [groups, C, C], laid out so that those of all pairs at one distance are equally far apart: one formula can
   * write them.
   */
  const scores = (): { readonly matrix: Variable; at(distance: number): Variable } => {
    const all = tape.variable(size, groups, size + 1)
    const next = size + 1
    return {
      matrix: disjointViewInside(all, 3, [groups, size, size], [next, groups * next - 1, 1]),
      at: (distance) => viewInside(all, 3, [(size - distance) * groups], [next], distance * (groups * next - 1)),
    }
  }
  return {
    pairs(given, query, read) {
      const [scored, reads, toEnd] = [scores(), read && scores(), tape.variable(size, groups, keys)]
      const formula = read ? laterRead : later
      /** The operands of the pairs at a distance, whose keys have come as far as `from` and go on to `to`. */
      const memory = (distance: number, from: Tensor, to: Tensor): { [name: string]: Tensor } => {
        const memory: { [name: string]: Tensor } = {}
        const add = (name: string, { value, grad }: Variable): void =>
          void ([memory[name], memory[`d.${name}`]] = [value, grad])
        const seen = (of: Variable): Variable => asRowsOfSteps(of, distance, size - distance)
        add('query', seen(query))
        add('scored', scored.at(distance))
        if (distance > 0) add('decay', seen(decays))
        if (distance > 0 && read) add('read', seen(read))
        if (distance > 0 && reads) add('reads', reads.at(distance))
        memory['key'] = from
        memory['next'] = memory['y.next'] = to
        memory['d.next'] = memory['d.key'] = asRowsOfSteps(toEnd, 0, size - distance).grad
        return memory
      }
      const rows = (of: Variable, distance: number): Tensor => asRowsOfSteps(of, 0, size - distance).value
      const bind = ({ programs }: typeof own.forward, memory: { [name: string]: Tensor }): Kernel[] =>
        programs.map((program) => backend.formula(program, memory))
      const distances = Array.from({ length: size - 1 }, (_, i) => i + 1)
      tape.record({
        forward: [
          ...bind(own.forward, memory(0, rows(given, 0), rows(toEnd, 0))),
          ...distances.flatMap((d) => bind(formula.forward, memory(d, rows(toEnd, d), rows(toEnd, d)))),
        ],
        backward(claim) {
          // Each distance reads some of the steps, so all add to the gradients.
          const cleared = [query, ...(read ? [read] : [])].flatMap((of) => claim(of, true).clear)
          // The keys on their way once more: as far as they have come after each distance.
          const chain = [rows(given, 0), ...distances.map((d) => backend.zeros([(size - d) * groups, keys]))]
          const until = (d: number): Tensor => firstRows(chain[d - 1]!, (size - d) * groups)
          const again = distances.map((d) =>
            backend.formula(further.forward.programs[0]!, {
              x: until(d), decay: asRowsOfSteps(decays, d, size - d).value, y: chain[d]!,
            }))
          const wanted = [
            { name: 'key', adds: false }, { name: 'decay', adds: true }, { name: 'query', adds: true },
            ...(read ? [{ name: 'read', adds: true }] : []),
          ]
          const back = [...distances].reverse().flatMap((d) =>
            bind(formula.backward(wanted), memory(d, until(d), chain[d]!)))
          const { clear, adds } = claim(given)
          const last = { ...memory(0, rows(given, 0), rows(given, 0)), 'd.key': asRowsOfSteps(given).grad }
          return [
            ...cleared, ...again, ...back, ...clear,
            ...bind(own.backward([{ name: 'key', adds }, { name: 'query', adds: true }]), last),
          ]
        },
      })
      return { query: scored.matrix, ...(reads && { read: reads.matrix }), toEnd }
    },
    fromStart(left, inclusive) {
      const y = tape.variable(size, groups, keys)
      tape.formula(further, { y: asRowsOfSteps(y) }, {
        x: asRowsOfSteps(left), decay: asRowsOfSteps(start, inclusive ? 1 : 0, size),
      })
      return y
    },
    carry(next, state) {
      const values = state.value.shape.at(-1)!
      const rows = (of: Variable): Variable => viewInside(of, 3, [wide, values], [values, 1])
      tape.formula(carried, { y: rows(next) }, {
        x: rows(state), decay: viewInside(start, 3, [wide], [1], size * wide),
      })
    },
    clear: [given, start].map(({ grad }) => zero(backend, grad)),
  }
}
