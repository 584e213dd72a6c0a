import { stack, type Sequential } from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'
import { isTorchRecurrent } from '../frameworks/pytorch/recurrent.ts'

export const stackFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['count', 'of'], ({ count, of }, inner) => stack(count as number, inner(of))),
  /**
   * Recurrent layers of a stack are one module with that many layers, as `nn.LSTM(…, num_layers=2)`; others are an
   * `nn.Sequential`. This does not depend on the layers around it.
   */
  pytorch: {
    store: (layer, { path }, inner) =>
      (layer as Sequential).layers.flatMap((each, l) =>
        inner(each, isTorchRecurrent(each) ? { path, suffix: `_l${l}` } : { path: `${path}${l}.`, suffix: '_l0' })),
  },
  keras: {
    store: (layer, { path, suffix }, inner) =>
      (layer as Sequential).layers.flatMap((each, l) => inner(each, { path: `${path}${l}/`, suffix })),
  },
}
