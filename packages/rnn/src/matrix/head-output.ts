import { meanOverColumns, sigmoid, sqrt, square, type Expression } from '@recurra/formula'

/** x / √(mean of x² + ε) over the columns of a head (Zhang and Sennrich 2019). */
export const rmsNormalized = (x: Expression): Expression => x.div(sqrt(meanOverColumns(square(x)).add(1e-5)))

/** x·σ(x), also called swish. */
export const silu = (x: Expression): Expression => x.mul(sigmoid(x))
