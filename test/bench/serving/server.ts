// The server of the guide "Streaming in production": streams text to every client. Sends its address to the
// process that forked it, and on request its processor time in seconds, up to each first byte and in all.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { characters, dense, embedding, lstm, Random, sample, sequential, temperature, topP } from 'recurra'

const [length = 1000, units = 16] = process.argv.slice(2).map(Number)
const text = characters('to be or not to be, that is the question. ')
const writer = sequential(text.tokens, [embedding(8), lstm(units), dense(text.size)])

async function* write(prompt: string, signal: AbortSignal): AsyncGenerator<string> {
  using stream = writer.stream()
  const filters = [temperature(0.8), topP(0.9)]
  const options = { prompt: text.encode(prompt), length, filters, random: new Random(1), signal }
  for await (const [token] of sample(stream, options)) yield text.decode([token!])
}

const computed = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
let firsts: number[] = []

const server = createServer((_, response) => {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const written = Readable.from(write('to be', gone.signal))
  written.once('data', () => firsts.push(computed())).pipe(response)
})
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))
process.on('message', () => {
  process.send!({ firsts, all: computed() })
  firsts = []
})
