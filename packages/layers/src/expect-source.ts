import { ConfigurationError } from '@recurra/tensor'

/**
 * Checks that there is a source, when a layer that needs one is built or planned.
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
