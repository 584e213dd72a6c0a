/** The name of a class in a `.weights.h5`: `lstm_cell`. */
const snakeOf = (type: string): string =>
  type.replaceAll(/\W+/g, '').replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2').replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

/**
 * The names that Keras 3 gives the layers of a list in a `.weights.h5`: their classes, counted, `lstm`, `lstm_1`.
 *
 * Source: keras/src/saving/saving_lib.py of Keras 3, _save_container_state.
 */
export const classNames = (types: readonly string[]): string[] => {
  const counts = new Map<string, number>()
  return types.map((type) => {
    const name = snakeOf(type)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return count > 0 ? `${name}_${count}` : name
  })
}
