import { type Outcome, type Run } from '@recurra/example-kit'
import { backend, countParameters } from 'recurra'
import { table, integer } from 'recurra/terminal'
import { baseline, networks, quickest } from './networks.ts'
import { adding } from './tasks/adding.ts'
import { brackets } from './tasks/brackets.ts'
import { copying } from './tasks/copying.ts'
import { isSolved, type Task } from './tasks/task.ts'
import { trial, type Result } from './trial.ts'

const noMemory = 'no memory'
const tasks: readonly Task[] = [adding, copying, brackets]

export const flags = {
  steps: {
    type: 'string',
    valueHint: 'number',
    description: 'maximum number of training steps of each network; default 2000',
  },
  network: {
    type: 'enum',
    options: Object.keys(networks),
    description: 'only this network, and one without a memory; default all of them',
  },
} as const

interface Row { readonly network: string; readonly task: Task; readonly result: Result; readonly parameters: number }

/** Gives every network the same time with every task, and one without a memory as well. */
export const compare = async ({ args, quick, seed, signal, report }: Run): Promise<Outcome> => {
  const steps = integer(args, 'steps', 1, 1e6, quick ? 250 : 2000)
  const only = args['network']
  const single = backend({ threads: 1 }) // 32 units are too few to share
  const rows: Row[] = []
  for (const task of tasks)
    for (const [network, recurrent] of Object.entries({ ...networks, [noMemory]: baseline })) {
      if (quick && ![quickest[task.name], noMemory].includes(network)) continue
      if (only !== undefined && ![only, noMemory].includes(network)) continue
      if (signal.aborted) break
      const model = task.model(recurrent, { backend: single, seed })
      const onProgress = report.bar({ title: `${task.name}, ${network}`.padEnd(33), unit: 'steps' })
      const result = await trial(task, model, { seed, steps, signal, onProgress })
      rows.push({ network, task, result, parameters: countParameters(model.params) })
    }
  report.end()
  report.say(`\n${tasks.map(({ asks }) => asks).join('\n')}\n\n${summary(rows)}`)

  const sums = rows.filter(({ task }) => task === adding)
  const best = sums
    .filter(({ network }) => network !== noMemory)
    .reduce((a, b) => (b.result.score < a.result.score ? b : a))
  return {
    metric: `mean squared error of adding, ${best.network}`,
    value: best.result.score,
    baseline: sums.find(({ network }) => network === noMemory)?.result.score ?? Number.NaN,
    parameters: best.parameters,
    more: Object.fromEntries(rows.map(({ network, task, result }) => [`${task.name}, ${network}`, result.score])),
  }
}

/** For each network how well it did, and the training steps that it took where it solved the task. */
const summary = (rows: readonly Row[]): string =>
  table(
    ['network', ...tasks.flatMap(({ name }) => [name, 'steps']), 'seconds'],
    [...new Set(rows.map(({ network }) => network))].map((network) => {
      const own = tasks.map((task) => rows.find((row) => row.network === network && row.task === task)?.result)
      const cells = own.flatMap((result, i) => {
        if (!result) return ['', '']
        const { measure } = tasks[i]!
        return [
          measure === 'loss' ? result.score.toFixed(4) : `${(100 * result.score).toFixed(1)} %`,
          isSolved(tasks[i]!, result.score) ? String(result.steps) : '-',
        ]
      })
      return [network, ...cells, own.reduce((sum, result) => sum + (result?.seconds ?? 0), 0).toFixed(0)]
    }),
  )
