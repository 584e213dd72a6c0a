import { Session } from 'node:inspector/promises'
import { characters, dense, lstm, oneHot, sample, sequential } from 'recurra'

// Prints the files between a prompt and a text of which a function runs for a warm stream, as the engine counts calls.
const text = characters('to be or not to be, that is the question. '.repeat(20))
const stream = sequential(text.tokens, [oneHot(), lstm(8), dense(text.size)]).stream()
const write = async (): Promise<string> => {
  const tokens: number[] = []
  for await (const [token] of sample(stream, { prompt: text.encode('to be'), length: 8 })) tokens.push(token!)
  return text.decode(tokens)
}
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await write()
await session.post('Profiler.startPreciseCoverage', { callCount: true })
await write()
const { result } = await session.post('Profiler.takePreciseCoverage')
for (const { url, functions } of result)
  if (/\/packages\/(training|rnn|layers)\/src\//.test(url) && functions.some(({ ranges: [whole] }) => whole!.count > 0))
    console.log(url.split('/').at(-1))
