import type { Backend, Kernel } from '@recurra/backend'
import { formula } from '@recurra/formula'
import { reshape, type Tensor } from '@recurra/tensor'

const spreading = /* @__PURE__ */ formula({ row: ['mask'] }, ({ mask }) => ({ spread: mask }))

/** The mask of each row, [rows], for each of its heads: [rows · heads], and the kernel that copies it. */
export const maskOfHeads = (
  backend: Backend, mask: Tensor, heads: number,
): { readonly mask: Tensor; readonly spread: Kernel } => {
  const spread = backend.zeros([mask.shape[0]!, heads])
  return { mask: reshape(spread, [mask.shape[0]! * heads]), spread: backend.formula(spreading, { mask, spread }) }
}
