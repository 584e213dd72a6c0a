import type { Wire } from '../network/kinds.ts'
import type { Side } from '../network/network.ts'
import { linksOf, outOf, type Link } from '../network/wires.ts'
import { offerOf } from '../tasks/offers.ts'
import type { Task } from '../tasks/task.ts'
import type { Experiment } from '../worker/messages.ts'

/** The stacks of an experiment as they are wired. */
export interface Plan {
  readonly stacks: readonly {
    readonly side: Side
    /** Whether it is half of an encoder-decoder. */
    readonly paired: boolean
    readonly input: Wire
    readonly links: readonly Link[]
    /** The layers that the task sets at the end. */
    readonly tail: readonly { readonly last: boolean; readonly to: Wire }[]
  }[]
  readonly faulty: boolean
}

let known: { readonly key: string; readonly task: Task } | undefined

/** What the wires need to know of a task; texts are long, so it is found out once. */
const taskOf = ({ task: name, text, seed }: Experiment): Task => {
  const key = `${name} ${seed} ${text.length} ${text.slice(0, 100)}`
  if (known?.key !== key) known = { key, task: offerOf(name).make({ seed, text }) }
  return known.task
}

/** Wires the layers that were chosen between what the task gives and what it asks for. */
export const planOf = (experiment: Experiment): Plan => {
  const { input, source, tail, reading } = taskOf(experiment)
  const { encoder, layers } = experiment.network
  const heard = source && linksOf(source, encoder, { reading: true })
  const given = heard && outOf(source, heard)
  const links = linksOf(input, layers, { reading, ...(given && { source: given }) })
  let wire = outOf(input, links)
  const ends = tail.map(({ type, options }) => {
    wire = type === 'last' ? { kind: 'vector', size: wire.size } : { ...wire, size: options!['size'] as number }
    return { last: type === 'last', to: wire }
  })
  const stacks = [
    ...(heard ? [{ side: 'encoder' as const, paired: true, input: source, links: heard, tail: [] }] : []),
    { side: 'layers' as const, paired: heard !== undefined, input, links, tail: ends },
  ]
  const faulty =
    [...(heard ?? []), ...links].some(({ fault }) => fault !== undefined) || outOf(input, links).kind === 'tokens' ||
    given?.kind === 'tokens'
  return { stacks, faulty }
}
