/** How a·b + c is rounded: 'fused' rounds once; 'separate' rounds twice, which gives the same bits in every engine. */
export type MultiplyAddRounding = 'fused' | 'separate'
