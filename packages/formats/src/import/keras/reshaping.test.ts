import { javascript } from '@recurra/backend'
import { flatValues } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { expect, it } from 'vitest'
import { importModel } from '../import-model.ts'

it('Softmax over steps gives the weights that PyTorch gives', async () => {
  const layers = [
    { class_name: 'InputLayer', config: { name: 'input', batch_shape: [null, 3, 2] } },
    { class_name: 'Softmax', config: { name: 'weights', axis: 1 } },
  ]
  const json = {
    format: 'layers-model', weightsManifest: [],
    modelTopology: { class_name: 'Sequential', keras_version: '3.6.0', config: { name: 'model', layers } },
  }
  const files = { 'model.json': new TextEncoder().encode(JSON.stringify(json)) }
  const model = await importModel(files, { backend: javascript({ dtype: 'float64' }) })
  const y = flatValues(await predict(model, [[[1, 2], [3, 0], [0, 1]]]))
  // python: torch.softmax(torch.tensor([[1., 2.], [3., 0.], [0., 1.]]), dim=0)
  const expected = [
    0.11419519782066345, 0.6652408838272095, 0.8437947034835815, 0.09003056585788727, 0.04201006516814232,
    0.2447284609079361,
  ]
  expected.forEach((value, i) => expect(y[i]).toBeCloseTo(value, 6))
})
