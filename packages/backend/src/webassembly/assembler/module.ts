import { list, name, sized, unsigned, type Bytes } from './encoding.ts'
import { FunctionBuilder } from './function.ts'
import type { Local } from './value.ts'

/** This many integers. */
type Params<N extends number, T extends readonly Local<'i32'>[] = []> =
  T['length'] extends N ? T : Params<N, [...T, Local<'i32'>]>

/** A WebAssembly module under construction: functions without results over one imported memory. */
export class ModuleBuilder {
  readonly #functions: FunctionBuilder[] = []
  readonly #exports: { readonly name: string; readonly index: number }[] = []
  readonly #table: boolean

  /** With a `table`, it imports one of functions, for indirect calls. */
  constructor({ table = false }: { readonly table?: boolean } = {}) {
    this.#table = table
  }

  /** A function of this many integers, for use inside the module. */
  define<N extends number>(params: N, body: (f: FunctionBuilder, ...params: Params<N>) => void): FunctionBuilder {
    const made = new FunctionBuilder(this.#functions.length, params)
    this.#functions.push(made)
    body(made, ...(made.params as unknown as Params<N>))
    return made
  }

  /** An exported function. */
  export<N extends number>(
    named: string,
    params: N,
    body: (f: FunctionBuilder, ...params: Params<N>) => void,
  ): FunctionBuilder {
    const made = this.define(params, body)
    this.#exports.push({ name: named, index: made.index })
    return made
  }

  /** The module; a shared memory must be declared as such. */
  bytes({ shared = false }: { readonly shared?: boolean } = {}): Uint8Array<ArrayBuffer> {
    const to: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
    const section = (id: number, write: (inside: Bytes) => void): void => {
      to.push(id)
      sized(to, write)
    }
    section(1, (types) =>
      list(types, this.#functions, ({ params }) => {
        types.push(0x60)
        list(types, params, () => types.push(0x7f))
        types.push(0)
      }),
    )
    section(2, (imports) =>
      list(imports, this.#table ? ['memory', 'table'] : ['memory'], (imported) => {
        name(imports, 'backend')
        name(imports, imported)
        if (imported === 'table') imports.push(0x01, 0x70, 0x00, 0)
        else imports.push(0x02, shared ? 0x03 : 0x00, 0)
        if (imported === 'memory' && shared) unsigned(imports, 65_536)
      }),
    )
    section(3, (functions) => list(functions, this.#functions, (_, type) => unsigned(functions, type)))
    section(7, (exported) =>
      list(exported, this.#exports, (entry) => {
        name(exported, entry.name)
        exported.push(0x00)
        unsigned(exported, entry.index)
      }),
    )
    section(10, (code) => list(code, this.#functions, (f) => f.write(code)))
    return Uint8Array.from(to)
  }
}
