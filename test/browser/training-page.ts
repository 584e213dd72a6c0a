import { checkpointDatabase } from 'recurra/browser'
import { trainOn, type Say } from '../torture/training.ts'

declare const say: (...args: [...Parameters<Say>]) => Promise<void>

// Trains, with checkpoints in the database that the address names: /#NAME
const name = location.hash.slice(1)
await trainOn(
  checkpointDatabase(name, { onBroken: ({ message }) => void say('broken', message) }),
  (what, about) => void say(what, about),
)
