import { stack, type Blueprint, type Sequential } from '@recurra/layers'
import { taking, type Counterpart, type LayerFormat, type LayerMaker } from './layer-format.ts'
import { isTorchRecurrent } from './torch-recurrent.ts'

const make: LayerMaker = /* @__PURE__ */ taking(
  ['count', 'of'],
  ({ count, of }, inner) => stack(count as number, inner(of)) as Blueprint,
)

/**
 * Recurrent layers of a stack are one module with that many layers, as `nn.LSTM(…, num_layers=2)`; others are an
 * `nn.Sequential`. What it is does not depend on what stands beside it.
 */
const pytorch: Counterpart = {
  store: (layer, { path }, inner) =>
    (layer as Sequential).layers.flatMap((each, l) =>
      inner(each, isTorchRecurrent(each) ? { path, suffix: `_l${l}` } : { path: `${path}${l}.`, suffix: '_l0' }, inner),
    ),
}

const keras: Counterpart = {
  store: (layer, { path, suffix }, inner) =>
    (layer as Sequential).layers.flatMap((each, l) => inner(each, { path: `${path}${l}/`, suffix }, inner)),
}

export const stackFormat: LayerFormat = { make, pytorch, keras }
