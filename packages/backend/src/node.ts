interface NodeWorker {
  postMessage(message: unknown): void
  terminate(): unknown
  unref(): void
  on(event: 'error', listener: (error: unknown) => void): void
}

/** The few parts of Node that are used where it runs. */
interface NodeModules {
  readonly 'node:fs': { existsSync(file: string): boolean }
  readonly 'node:module': {
    createRequire(from: string): ((file: string) => unknown) & { resolve: { paths(name: string): string[] | null } }
  }
  readonly 'node:os': { availableParallelism(): number; cpus(): readonly unknown[] }
  readonly 'node:v8': { setFlagsFromString(flags: string): void }
  readonly 'node:worker_threads': {
    Worker: new (source: string, options: { eval: true; name: string; execArgv: string[] }) => NodeWorker
  }
}

interface NodeProcess {
  readonly platform: string
  readonly arch: string
  readonly versions?: { readonly node: string; readonly v8: string } // a bundler may have made a process up
  readonly env?: { readonly [name: string]: string | undefined }
  cwd(): string
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name]
}

/** Node's process; `undefined` in a page. */
export const nodeProcess = (): NodeProcess | undefined => (globalThis as { process?: NodeProcess }).process

/**
 * A built-in module of Node (from Node 20.16 and 22.3 on), or `undefined`. Requested this way, no bundler looks for it.
 */
export const nodeModule = <Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined =>
  nodeProcess()?.getBuiltinModule?.(name)
