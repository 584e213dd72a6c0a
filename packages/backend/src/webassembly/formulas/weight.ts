import { operations, type Program } from '@recurra/formula'

const expensive = 25

/** About how many instructions a program needs per vector, besides loads and stores. */
export const weightOf = ({ code }: Program): number =>
  code.reduce((sum, { op, args }) => sum + (args.length === 0 ? 0 : operations[op].expensive ? expensive : 1), 0)
