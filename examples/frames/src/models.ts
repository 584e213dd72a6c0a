import { activation, dense, dropout, gru, sequential, type Sequential } from 'recurra'
import { width } from './clips.ts'
import { motions } from './motion.ts'

const classes = 10 * motions.length

/** Looks at a frame with a dense layer, and remembers with a recurrent one. */
export const watching = (size: number, seed: number): Sequential =>
  sequential(width * width, [dense(size), activation('relu'), dropout(0.1), gru(size / 2), dense(classes)], { seed })

/** The same without memory: every frame by itself. */
export const glancing = (size: number, seed: number): Sequential =>
  sequential(
    width * width,
    [dense(size), activation('relu'), dropout(0.1), dense(size / 2), activation('relu'), dense(classes)],
    { seed },
  )
