/**
 * How a product and a sum are rounded: 'fused' once, 'separate' twice, which every engine can, with the same bits.
 */
export type MultiplyAddRounding = 'fused' | 'separate'
