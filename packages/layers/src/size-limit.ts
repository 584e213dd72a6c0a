import { ValueError } from '@recurra/tensor'

/**
 * The maximum size of a model with an untrusted description. A larger model is an error before any memory is allocated.
 */
export class SizeLimit {
  #numbers: number
  #layers: number

  constructor(numbers: number, layers = 10_000) {
    this.#numbers = numbers
    this.#layers = layers
  }

  /**
   * Reserves parameters.
   * @throws `ValueError` if there is no room for them.
   */
  reserve(numbers: number, where: string): void {
    this.#numbers -= numbers
    if (!(this.#numbers >= 0))
      throw refusal(where, 'no more numbers to learn than there are', `at least ${-this.#numbers} too many`)
  }

  /**
   * Reserves layers.
   * @throws `ValueError` if there is no room for them.
   */
  reserveLayers(layers: number, where: string): void {
    this.#layers -= layers
    if (!(this.#layers >= 0)) throw refusal(where, 'no more than 10,000 layers in all', `a stack of ${layers}`)
  }
}

const refusal = (where: string, expected: string, got: string): ValueError =>
  new ValueError({
    where,
    expected,
    got,
    fix: 'The description and the parameters belong to different models, or one of them is damaged.',
  })
