import { adding } from './adding.ts'
import { digits } from './digits.ts'
import { echo } from './echo.ts'
import { parity } from './parity.ts'
import { recall } from './recall.ts'
import { reversal } from './reversal.ts'
import { sine } from './sine.ts'
import type { TaskOffer } from './task.ts'
import { text } from './text.ts'

/** All that can be learned here. */
export const offers =
  { sine, text, recall, echo, parity, adding, digits, reversal } as const satisfies Record<string, TaskOffer>

/** The name of a task. */
export type TaskName = keyof typeof offers
/** All names. */
export const taskNames: readonly TaskName[] = Object.keys(offers) as TaskName[]
/** The task of that name, as it is offered. */
export const offerOf = (name: TaskName): TaskOffer => offers[name]
