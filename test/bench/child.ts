import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import type { Failed, Ran, Ready } from './protocol.ts'
import type { Launch } from './systems.ts'

/** A system in a process of its own, that waits between runs, so that its memory and its threads are its own. */
export class Child {
  readonly ready: Promise<Ready>
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface
  #errors = ''

  constructor({ command, args, env }: Launch) {
    this.#process = spawn(command, [...args], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.on('error', (error) => (this.#errors += `${error.message}\n`))
    this.#process.stdin!.on('error', () => {}) // a child that died is noticed when it does not answer
    this.#process.stderr!.on('data', (text: Buffer) => (this.#errors = (this.#errors + text.toString()).slice(-2000)))
    this.#reader = createInterface({ input: this.#process.stdout! })
    this.#lines = this.#reader[Symbol.asyncIterator]()
    this.ready = this.#answer<Ready>()
    this.ready.catch(() => {}) // reported to whoever awaits it later
  }

  /** Runs `count` iterations; after `limit` seconds without an answer it is given up. */
  async run(count: number, limit?: number): Promise<Ran> {
    this.#process.stdin!.write(`${count}\n`)
    const timer = limit && setTimeout(() => this.#giveUp(limit), limit * 1e3)
    try {
      return await this.#answer<Ran>()
    } finally {
      clearTimeout(timer || undefined)
    }
  }

  end(): void {
    this.#reader.close()
    this.#process.kill()
  }

  #giveUp(limit: number): void {
    this.#errors = `left out: no answer in ${limit} s`
    this.end()
  }

  /** The next line of JSON; a library may print lines of its own between. */
  async #answer<Answer extends object>(): Promise<Answer> {
    for (;;) {
      const { value: line, done } = await this.#lines.next()
      if (done) throw new Error(this.#errors.trim().split('\n').at(-1) || 'the process ended')
      if (!line.startsWith('{')) continue
      const answer = JSON.parse(line) as Answer | Failed
      if ('failed' in answer) throw new Error(answer.failed)
      return answer
    }
  }
}
