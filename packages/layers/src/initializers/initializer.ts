import { isRecord, option, type Option } from '@recurra/tensor'

/**
 * The initial values of a parameter, as plain data:
 *
 * | | |
 * | --- | --- |
 * | `0` | every element is that number |
 * | `{ uniform: 0.1 }`, `{ uniform: [0, 1] }` | uniform in ±0.1, in [0, 1) |
 * | `{ normal: 0.02 }` | Gaussian around 0 with that standard deviation |
 * | `'glorotUniform'`, `'glorotNormal'` | variance 2 / (in + out), for tanh and sigmoid (Glorot and Bengio 2010) |
 * | `'heUniform'`, `'heNormal'` | variance 2 / in, for relu (He et al. 2015) |
 * | `'orthogonal'`, `{ orthogonal: 1.4 }` | rows or columns at right angles, of length 1 or 1.4 (Saxe et al. 2014) |
 * | `'identity'`, `{ identity: 0.5 }` | 1 or another number on the diagonal, else 0 (Le et al. 2015) |
 *
 * If a parameter holds several gates side by side, each gate is initialized as a separate matrix.
 */
export type Initializer =
  | number
  | 'glorotUniform' | 'glorotNormal' | 'heUniform' | 'heNormal' | 'orthogonal' | 'identity'
  | {
    /** ± this, or between two bounds. */
    readonly uniform: number | readonly [low: number, high: number]
  }
  | {
    /** The standard deviation. */
    readonly normal: number
  }
  | {
    /** The norm of the rows or columns. */
    readonly orthogonal: number
  }
  | {
    /** The number on the diagonal. */
    readonly identity: number
  }

/** Initializers by parameter name. Default: as each layer documents. */
export type Initializers<Parameter extends string = string> = { readonly [name in Parameter]?: Initializer }

/** The option that takes them. The layer checks the names, which depend on its parameters. */
export const initializersOption: Option<Initializers | undefined> = option.checked<Initializers>(
  'initializers by parameter name, such as { weight: 0.1 }',
  isRecord,
)()
