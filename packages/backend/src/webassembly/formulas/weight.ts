import { operations, type Program } from '@recurra/formula'

const dear = 25

/** About how many instructions a program takes for each vector, besides loads and stores. */
export const weightOf = ({ code }: Program): number =>
  code.reduce((sum, { op, args }) => sum + (args.length === 0 ? 0 : operations[op].dear ? dear : 1), 0)
