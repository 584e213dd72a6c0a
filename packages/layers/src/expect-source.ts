import { ConfigurationError } from '@recurra/tensor'

/**
 * The source that a layer of a decoder needs, of a build or of a plan.
 * @throws `ConfigurationError` if there is none.
 */
export const expectSource = <S>(source: S | undefined, where: string): S => {
  if (source !== undefined) return source
  throw new ConfigurationError({
    where,
    expected: 'a source',
    got: 'none',
    fix: 'Put it into the decoder of an encoderDecoder.',
  })
}
