import { side } from '@recurra/example-kit'
import { activation, dense, embedding, encoderDecoder, gru, type EncoderDecoder } from 'recurra'
import { language } from './scene-data.ts'

/**
 * Dense layers see what lies above, in the middle and below, with the same eyes; a recurrent layer gathers it; and
 * where that ends another one starts, and speaks word by word.
 */
export const captioner = (size: number, seed: number): EncoderDecoder =>
  encoderDecoder({
    source: side * side,
    encoder: [dense(2 * size), activation('relu'), dense(size), activation('relu'), gru(size)],
    target: language.tokens,
    decoder: [embedding(16), gru(size), dense(language.vocabulary.size)],
  }, { seed })
