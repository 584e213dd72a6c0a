import { expectRowMove, type Backend, type Kernel } from '@recurra/backend/authoring'
import type { Indices, Tensor } from '@recurra/tensor'
import { spread, type Device } from './device/device.ts'
import { gatherCode, scatterAddCode } from './wgsl/row-move-code.ts'

const threads = 64

/** Binds moves of rows by index as kernels of the device. */
export class RowMoves {
  readonly #device: Device

  constructor(device: Device) {
    this.#device = device
  }

  gather({ out, table, indices }: Parameters<Backend['gather']>[0]): Kernel {
    expectRowMove(out, table, indices, 'gather')
    const [count, features] = out.shape as [number, number]
    return this.#bind(out, table, indices, gatherCode, Math.ceil((count * features) / threads))
  }

  /** A workgroup for each row of the table adds up what belongs to it, in order. */
  scatterAdd({ table, rows, indices }: Parameters<Backend['scatterAdd']>[0]): Kernel {
    expectRowMove(rows, table, indices, 'scatterAdd')
    return this.#bind(rows, table, indices, scatterAddCode, table.shape[0]!)
  }

  #bind(
    moved: Tensor, table: Tensor, indices: Indices, code: (slots: readonly number[]) => string, workgroups: number,
  ): Kernel {
    const bound = this.#device.locate([moved, table, indices])
    if (!bound) return () => {}
    const strides = [moved, table, indices].map(({ offset, stride: [down, across = 0] }, i) =>
      [bound.at[i]!.start + offset, down!, across, 0])
    const rows = [[...moved.shape, table.shape[0]!, 0], ...strides]
    return this.#device.kernel([
      { code: code(bound.at.map(({ slot }) => slot)), rows, bound, workgroups: [...spread(workgroups), 1] },
    ])
  }
}
