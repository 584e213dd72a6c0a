import { beside, digitBatches, example, image, judge, mnist, side, table, type Judged } from '@recurra/example-kit'
import { adam, cosineDecay, countParameters, fit, softmaxCrossEntropy, type Sequential } from 'recurra'
import { deep, linear } from './models.ts'
import { xor } from './xor.ts'

await example(import.meta.url, {
  run: async ({ quick, seed, signal, report }) => {
    const { train, heldOut } = mnist(seed)
    const test = digitBatches(heldOut)
    const learn = async (title: string, model: Sequential, jitter: boolean): Promise<Judged> => {
      await fit(model, digitBatches(train, { jitter }), {
        loss: softmaxCrossEntropy(),
        optimizer: adam({ rate: cosineDecay(3e-3) }),
        epochs: quick ? 6 : 20,
        validation: test,
        seed, signal, onProgress: report.bar({ title, unit: 'digits' }),
      })
      return judge(model, test)
    }

    const net = deep(quick ? 128 : 256, seed)
    const judged = await learn('deep', net, true)
    const { accuracy: control } = await learn('linear', linear(seed), false) // variety only confuses it
    const { deep: solved, linear: unsolved } = await xor(seed)

    const { said, wanted } = judged
    const wrong = wanted.flatMap((label, i) => (label === said[i] ? [] : [i]))
    const shown = [0, 1, ...wrong.slice(0, 2)]
    report.end()
    report.say(`\n${beside(shown.map((i) => [image(heldOut[i]!.pixels, { width: side }), `it is ${wanted[i]}, the net says ${said[i]}`]))}`)
    report.say(`\nwhat the net says (columns) to what it is (rows):\n${confusion(judged)}`)
    report.say(`\nXOR: with a layer between ${solved * 4} of 4 cases, without ${unsolved * 4}`)
    return { metric: 'held-out accuracy', value: judged.accuracy, control, parameters: countParameters(net.params), more: { xor: solved, xorLinear: unsolved } }
  },
})

function confusion({ said, wanted }: Judged): string {
  const digits = Array.from({ length: 10 }, (_, digit) => digit)
  const times = (is: number, says: number): number => wanted.filter((label, i) => label === is && said[i] === says).length
  return table(['', ...digits.map(String)], digits.map((is) => [`${is}:`, ...digits.map((says) => times(is, says) || '.')]))
}
