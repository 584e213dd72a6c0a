import { Random, type Characters, type Sequential } from 'recurra'

/** Lets a model write on: each character is drawn from what the model expects, sharpened by the temperature. */
export const sample = (model: Sequential, text: Characters, length: number, { prompt = 'The ', temperature = 0.7, seed = 1 } = {}): string => {
  const known = [...prompt].filter((symbol) => text.symbols.includes(symbol)).join('') || text.symbols[0]!
  const stream = model.stream()
  const random = new Random(seed)
  let y = stream.step(0)
  stream.reset()
  for (const token of text.encode(known)) y = stream.step(token)
  let written = known
  for (let i = 0; i < length; i++) {
    const logits = Array.from(model.backend.read(y), (v) => v / temperature)
    const top = Math.max(...logits)
    const token = random.choice(logits.map((v) => Math.exp(v - top)))
    written += text.symbols[token]!
    y = stream.step(token)
  }
  return written
}
