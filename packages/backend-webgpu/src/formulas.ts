import { batchedFormula, gridOf, type Grid, type Kernel, type OperandTensors } from '@recurra/backend/authoring'
import type { OperandKind, Program } from '@recurra/formula'
import { isIndices } from '@recurra/tensor'
import { spread, type Device, type KernelParts } from './device/device.ts'
import type { AnyTensor } from './device/memory.ts'
import { formulaInLoop, passesIn } from './formula-in-loop.ts'
import { loopable } from './loopable.ts'
import { withSnapshots, type BoundFormula } from './snapshots.ts'
import { formulaCode, joiningCode, type Shape } from './wgsl/formula-code.ts'
import type { FormulaPass } from './wgsl/formula-pass.ts'
import { sizesOf } from './wgsl/lines.ts'

const threads = 64
/** Elements that one workgroup reduces to a scalar by itself, and the most workgroups that share more of them. */
const [forOneWorkgroup, mostParts] = [16_384, 256]

const shapeOf = (kind: OperandKind, { rows, columns }: Grid): Shape => {
  if (kind === 'row') return columns >= 32 ? { across: 1, lanes: threads } : { across: threads, lanes: 1 }
  if (kind === 'column') return rows > 32 ? { across: 32, lanes: 8 } : { across: threads, lanes: 1 }
  if (kind === 'element') return { across: threads, lanes: 1 }
  const parts = Math.min(mostParts, Math.ceil((rows * columns) / forOneWorkgroup))
  return { across: 1, lanes: 256, parts }
}

const workgroupsOf = (kind: OperandKind, { rows, columns }: Grid, { across, lanes, parts = 1 }: Shape): number => {
  const owned = { element: rows * columns, row: rows, column: columns, scalar: parts }[kind]
  return lanes > 1 && kind === 'row' ? owned : Math.ceil(owned / across)
}

const tensorsOf = ({ inputs, outputs }: Program, operands: OperandTensors): AnyTensor[] =>
  [...inputs, ...outputs].map(({ name }) => operands[name]!)

/** Binds formulas as kernels of the device: one dispatch for all elements, and one for each kind of reduction. */
export class Formulas {
  readonly #device: Device

  constructor(device: Device) {
    this.#device = device
  }

  formula(program: Program, operands: OperandTensors): Kernel {
    const grid = gridOf(program, operands)
    const tensors = tensorsOf(program, operands)
    return this.#kernel({ program, tensors, grid, groups: 1, perGroup: tensors.map(() => 0) })
  }

  batchedFormula(program: Program, operands: OperandTensors): Kernel {
    const grids: Grid[] = []
    const collect = (of: Program, tensors: OperandTensors): Kernel => {
      grids.push(gridOf(of, tensors))
      return () => {}
    }
    batchedFormula({ formula: collect }, program, operands)
    const [grid, next = grid] = grids
    if (!grid) return () => {}
    const perGroup = grid.places.map(({ offset }, i) => next!.places[i]!.offset - offset)
    return this.#kernel({ program, tensors: tensorsOf(program, operands), grid, groups: grids.length, perGroup })
  }

  #kernel(given: BoundFormula): Kernel {
    const formulas = withSnapshots(given, this.#device.memory)
    const kernel = this.#device.kernel(formulas.flatMap((one) => this.#passes(one)))
    if (formulas.length > 1 || given.groups > 1) return kernel
    return loopable(this.#device, kernel, formulaInLoop(given, this.#device.subgroup))
  }

  #passes(given: BoundFormula): KernelParts[] {
    return passesIn(given.program).flatMap(({ kind, outputs }) => this.#pass(given, kind, outputs))
  }

  #pass(given: BoundFormula, kind: OperandKind, outputs: readonly number[]): KernelParts[] {
    const { program, grid, groups, perGroup } = given
    const shape = shapeOf(kind, grid)
    const { parts = 1 } = shape
    const parted = parts > 1 ? [this.#device.memory.floats([groups * parts * outputs.length])] : []
    const tensors = [...given.tensors, ...parted]
    const bound = this.#device.locate(tensors)
    if (!bound) return []
    const operands = bound.at.map(({ slot }, i) => ({ slot, integers: isIndices(tensors[i]!) }))
    const pass: FormulaPass = { program, kind, outputs, operands, subgroup: this.#device.subgroup }
    const rows = [
      sizesOf(grid.rows, grid.columns),
      ...grid.places.map(({ offset, perStep, perRow }, i) =>
        [bound.at[i]!.start + offset, perStep, perRow, perGroup[i]!]),
      ...parted.map(() => [bound.at.at(-1)!.start, 0, 0, parts * outputs.length]),
    ]
    const first = { rows, bound, workgroups: [...spread(workgroupsOf(kind, grid, shape)), groups] } as const
    return [
      { ...first, code: formulaCode(pass, shape) },
      ...parted.map((): KernelParts => ({ ...first, code: joiningCode(pass, shape), workgroups: [1, 1, groups] })),
    ]
  }
}
