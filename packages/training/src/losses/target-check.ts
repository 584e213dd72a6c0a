import { allOf, type Backend, type Kernel } from '@recurra/backend'
import {
  accumulate, constant, equal, input, outputsOf, programOf, select, sumOverAll, type Expression, type Target,
} from '@recurra/formula'
import { columns, rows, ValueError, type Indices, type Tensor } from '@recurra/tensor'
import type { Classes } from './loss.ts'
import { classFix, describeClasses, isClass } from './targets.ts'

const known = ({ size, ignore }: Classes, value: Expression): Expression => {
  const inRange = select(value.add(1), select(constant(size).sub(value), 1, 0), 0)
  return ignore === undefined ? inRange : select(inRange, 1, equal(value, ignore))
}
const counted = (fault: Expression): Target => sumOverAll(select(input('mask', 'row'), fault, 0))

/** Counts the targets that are no class where the mask is not 0; what the rest holds does not matter. */
export interface TargetCheck {
  /** How many, []. */
  readonly faults: Tensor
  readonly kernels: readonly Kernel[]
  /** The first of them, as an error; it reads everything once more. */
  fault(): ValueError
}

/**
 * Checks targets [rows], or labels [batch, labels] by the first `batch` of the mask [rows]. A class that does not exist
 * would be one without a gradient, in silence.
 */
export const targetCheckFor = (
  backend: Backend,
  target: Indices,
  mask: Tensor,
  classes: Classes,
  type: string,
): TargetCheck => {
  const [count, width = 1] = target.shape as [number, number?]
  const [faults, real] = [backend.zeros([]), rows(mask, 0, count)]
  const kind = target.shape.length === 1 ? 'row' : 'element'
  const value = input('target', kind)
  const first = programOf<string>(outputsOf({ faults: counted(known(classes, value).neg().add(1)) }))
  const kernels = [backend.formula(first, { target, mask: real, faults })]
  const { filler } = classes
  if (filler !== undefined && width > 1) {
    const late = select(equal(input('before'), filler), equal(value, filler).neg().add(1), 0)
    const operands = { before: columns(target, 0, width - 1), target: columns(target, 1, width), mask: real, faults }
    kernels.push(backend.formula(programOf<string>(outputsOf({ faults: accumulate(counted(late)) })), operands))
  }
  return {
    faults,
    kernels,
    fault() {
      const read = allOf([backend.readAsync(target), backend.readAsync(real)])
      if (read instanceof Promise) return faultSomewhere(classes, type) // the error cannot wait for the place
      const [values, counts] = read
      const at = values.findIndex((_, i) => counts[Math.floor(i / width)] !== 0 && !isClass(values, i, width, classes))
      return fault(values[at]!, Math.floor(at / width), at % width, width, classes, type)
    },
  }
}

const faultSomewhere = (classes: Classes, type: string): ValueError =>
  new ValueError({
    where: `target of ${type}`,
    expected: describeClasses(classes),
    got: 'others',
    fix: 'Write class numbers, and 0 into the mask of rows that do not count.',
  })

const fault = (value: number, row: number, i: number, width: number, classes: Classes, type: string): ValueError =>
  new ValueError({
    where: `target of ${type}, row ${row}${width > 1 ? `, label ${i}` : ''}`,
    expected: describeClasses(classes),
    got: String(value),
    fix: classFix(value, classes, 'Write class numbers, and 0 into the mask of rows that do not count.'),
  })
