import { activation, dense, dropout, sequential, vector, type Sequential } from 'recurra'

/** Layers between the pixels and the ten digits. */
export const deep = (size: number, seed: number): Sequential =>
  sequential(
    vector(784),
    [dense(size), activation('relu'), dropout(0.1), dense(size / 2), activation('relu'), dense(10)],
    { seed },
  )

/** Nothing between them: each pixel speaks for or against each digit, whatever the other pixels are. */
export const linear = (seed: number): Sequential => sequential(vector(784), [dense(10)], { seed })
