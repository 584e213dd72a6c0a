import type { Backend, Kernel } from '@recurra/backend'
import {
  equal, formula, input, outputsOf, programOf, select, sqrt, sumOverAll, type Expression, type Instruction,
  type OperandKind, type Program,
} from '@recurra/formula'
import { inOrder } from '@recurra/layers/authoring'
import { at, reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { LossFrame } from '../losses/loss.ts'
import type { ReadValues } from '../read-by-name.ts'
import { clippingOf, type Clip } from './clip.ts'
import { scalingWith, type Gradients, type GradientScalars } from './gradients.ts'

/** What a training step reads with the loss. */
export interface UpdateScalars extends GradientScalars {
  /** Whether the device has made the update; see `Decision`. Default: the program decides. */
  readonly sound?: Tensor
}

/**
 * Whether a step may change anything, decided by a device on its own: a program that read the loss and the norms
 * before it goes on would wait for the device, and the device for it.
 */
export interface Decision {
  /** 1 if the loss and all gradients are finite, else 0: []. */
  readonly sound: Tensor
  /** Plans the decision for a loss. */
  plan(loss: LossFrame): void
  /** That loss, gradients that were measured -> `sound`; and the gradients are clipped by norm. */
  run(loss: LossFrame): void
  /** Whether the update was made, given what was read with the loss. */
  made(values: ReadValues<UpdateScalars>): boolean
  /** The program has decided: the step is sound. */
  allow(): void
  /** Binds a formula whose outputs keep what they hold unless the step is sound. */
  readonly bind: Backend['formula']
}

/** The scalar that guards a program, by a name that no formula has. */
const guard = 'whether the step is sound'

/** A program whose outputs keep what they hold unless the guard is above 0. */
const guarded = ({ inputs, outputs, code }: Program): Program => {
  const [read, lines] = [[...inputs], [...code]]
  const line = (one: Partial<Instruction> & Pick<Instruction, 'op'>): number =>
    lines.push({ args: [], value: 0, input: -1, ...one }) - 1
  const lineOf = (name: string, kind: OperandKind): number => {
    const known = lines.findIndex(({ op, input }) => op === 'input' && read[input]!.name === name)
    return known >= 0 ? known : line({ op: 'input', input: read.push({ name, kind }) - 1 })
  }
  const sound = lineOf(guard, 'scalar')
  const guardedOutputs = outputs.map((output) => {
    const before = output.accumulate ? line({ op: 'constant' }) : lineOf(output.name, output.kind)
    return { ...output, from: line({ op: 'select', args: [sound, output.from, before] }) }
  })
  return { inputs: read, outputs: guardedOutputs, code: lines }
}

const finite = (x: Expression): Expression => equal(x.mul(0), 0)
const scalar = (name: string): Expression => input(name, 'scalar')
const totalOf = formula({ element: ['squares'] }, ({ squares }) => ({ total: sumOverAll(squares) }))
const asLine = (x: Tensor): Tensor => reshape(x, [1, sizeOf(x.shape)])

/** Plans it for gradients. */
export const decisionOf = (backend: Backend, { scalars, blocks }: Gradients, clip?: Clip): Decision => {
  const { share, length } = clippingOf(clip)
  const [squares, lengths] = [asLine(scalars.squares), asLine(scalars.lengths)]
  const [sound, factor] = [backend.zeros([]), backend.zeros([])]
  const several = blocks.length > 1
  const total = several ? backend.zeros([]) : at(scalars.squares, 0)
  const norm = !length ? total : several ? backend.zeros([]) : at(scalars.lengths, 0)
  const join = several
    ? [
        backend.formula(totalOf, { squares, total }),
        ...(length ? [backend.formula(programOf(outputsOf<string>({ norm: length.all(input('lengths')) })),
          { lengths, norm })] : []),
      ]
    : []
  const scale = share ? [scalingWith(backend, blocks, factor)] : []
  const decide = ({ sum, scale: reduced }: LossFrame): Kernel => {
    const isSound = finite(scalar('sum').mul(scalar('reduced'))).mul(finite(scalar('total')))
    const by = share?.(length ? scalar('norm') : sqrt(scalar('total')))
    const program = programOf(outputsOf<string>({
      sound: sumOverAll(isSound), ...(by && { factor: sumOverAll(select(isSound, by, 1)) }),
    }))
    return backend.formula(program, {
      sum, reduced, total, sound, ...(by && { factor, ...(length && { norm }) }),
    })
  }
  const kernels = new WeakMap<LossFrame, Kernel>()
  return {
    sound,
    plan: (loss) => void kernels.set(loss, inOrder([...join, decide(loss), ...scale])),
    run: (loss) => kernels.get(loss)!(0),
    made: ({ sound }) => sound![0]! > 0,
    allow: () => backend.write(sound, [1]),
    bind: (program, operands) => backend.formula<string>(guarded(program), { ...operands, [guard]: sound }),
  }
}
