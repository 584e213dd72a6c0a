import { beside, digitBatches, example, image, judge, mnist, side } from '@recurra/example-kit'
import {
  accuracy, adam, confusionMatrix, cosineDecay, countParameters, describeConfusion, evaluate, fit, softmaxCrossEntropy,
  type Sequential,
} from 'recurra'
import { deep, linear } from './models.ts'
import { xor } from './xor.ts'

await example(import.meta.url, {
  run: async ({ quick, seed, signal, report }) => {
    const { train, validation, heldOut } = mnist(seed)
    const test = digitBatches(heldOut)
    const loss = softmaxCrossEntropy()
    const learn = async (title: string, model: Sequential, jitter: boolean) => {
      await fit(model, digitBatches(train, { jitter }), {
        loss,
        optimizer: adam({ learningRate: cosineDecay(3e-3) }),
        epochs: quick ? 8 : 24,
        validation: digitBatches(validation),
        seed, signal, onProgress: report.bar({ title, unit: 'digits' }),
      })
      return (await evaluate(model, test, { loss, metrics: { accuracy: accuracy(), confusion: confusionMatrix() } }))
        .metrics
    }

    const net = deep(quick ? 128 : 256, seed)
    const { accuracy: value, confusion } = await learn('deep', net, true)
    const { accuracy: baseline } = await learn('linear', linear(seed), false) // variety only confuses it
    const { deep: solved, linear: unsolved } = await xor(seed)

    const { predicted, target } = await judge(net, test)
    const wrong = target.flatMap((label, i) => (label === predicted[i] ? [] : [i]))
    const pictures = [0, 1, ...wrong.slice(0, 2)].map((i) =>
      [image(heldOut[i]!.pixels, { width: side }), `it is ${target[i]}, the net says ${predicted[i]}`] as const)
    report.end()
    report.say(`\n${beside(pictures)}`)
    report.say(`\nwhat the net says (columns) to what it is (rows):\n${describeConfusion(confusion)}`)
    report.say(`\nXOR: with a layer between ${solved * 4} of 4 cases, without ${unsolved * 4}`)
    return {
      metric: 'held-out accuracy',
      value,
      baseline,
      parameters: countParameters(net.params),
      more: { xor: solved, xorLinear: unsolved },
    }
  },
})
