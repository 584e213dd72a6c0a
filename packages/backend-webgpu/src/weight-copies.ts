import { Packs, type Matrix, type MatrixProduct, type Revisions } from '@recurra/backend/authoring'
import type { Tensor } from '@recurra/tensor'
import { spread, type Device } from './device/device.ts'
import { copyThreads, halvesCode, matrixCopyCode } from './wgsl/matrix-copy-code.ts'

/** A matrix whose elements are float16, two in each place of memory; positions and strides count elements. */
export interface DeviceMatrix extends Matrix {
  /** Default: they are float32. */
  readonly half?: boolean
}

/** A copy of a matrix `b`, for all products with it. */
export interface WeightCopy {
  readonly matrix: DeviceMatrix
  /** Copies it again if it was written to in the meantime. */
  readonly prepare: () => void
}

/**
 * The copies of weights that products read: rows without gaps, as float16 if that was chosen. There is one for each
 * matrix; it belongs to the matrix and is freed with it.
 */
export class WeightCopies {
  readonly #device: Device
  readonly #revisions: Revisions
  readonly #half: boolean
  readonly #copies = new Packs<WeightCopy>()

  constructor(device: Device, revisions: Revisions, half: boolean) {
    this.#device = device
    this.#revisions = revisions
    this.#half = half
  }

  /** The copy of `b`; `undefined` if products read it where it is, or if the plan is only measured. */
  of(product: MatrixProduct, owner: Tensor): WeightCopy | undefined {
    const { k, m, b } = product
    if ((b.across === 1 && !this.#half) || k * m === 0 || !this.#device.memory.locate(b)) return undefined
    return this.#copies.of(b.data, product, () => this.#make(product, owner))
  }

  #make({ k, m, b }: MatrixProduct, owner: Tensor): WeightCopy {
    const words = this.#half ? Math.ceil((k * m) / 2) : k * m
    const { memory } = this.#device
    const [{ data, offset }] = memory.scope(() => memory.floats([words]), owner)
    const { at: [from, to], ...bound } = this.#device.locate([b, { data }])!
    const rows = [[k, m, 0, 0], [from!.start + b.offset, b.down, b.across, 0], [to!.start + offset, m, 1, 0]]
    const workgroups = [...spread(Math.ceil(words / copyThreads)), 1] as const
    const code = (this.#half ? halvesCode : matrixCopyCode)(from!.slot, to!.slot)
    const copy = this.#device.kernel([{ code, rows, bound: { at: [], ...bound }, workgroups }])
    const writes = this.#revisions.of(b.data)
    let kept = -1
    return {
      matrix: { data, offset, perStep: 0, down: m, across: 1, half: this.#half },
      prepare: () => {
        if (kept === writes.count) return // as in every step of a stream but the first
        copy(0)
        kept = writes.count
      },
    }
  }
}
