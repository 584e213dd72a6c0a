import { leaves, type Layer } from 'recurra'

/** How many numbers a model learns. */
export const parametersOf = ({ params }: Layer): number =>
  leaves(params).reduce((sum, [, { value }]) => sum + value.shape.reduce((a, b) => a * b, 1), 0)
