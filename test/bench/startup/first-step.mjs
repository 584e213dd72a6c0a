// Imports the built library as a program that installed it does, and trains one step of an LSTM. Prints when what was
// done.
const start = performance.now()
const { adam, characters, dense, lstm, oneHot, sequential, softmaxCrossEntropy, Trainer } = await import('recurra')
const imported = performance.now()
const text = characters('the quick brown fox jumps over the lazy dog. '.repeat(20))
const model = sequential(text.tokens, [oneHot(), lstm(64), dense(text.size)])
const built = performance.now()
const [steps, batch] = [32, 16]
const trainer = new Trainer(model, { loss: softmaxCrossEntropy(), optimizer: adam(), clip: { norm: 5 }, steps, batch })
const planned = performance.now()
for (const one of text.windows({ steps, batch }).epoch()) {
  trainer.step(one)
  break
}
const trained = performance.now()

const { user, system } = process.cpuUsage()
console.log(
  JSON.stringify({
    import: imported - start,
    model: built - imported,
    plan: planned - built,
    step: trained - planned,
    all: trained - start,
    cpu: (user + system) / 1e3,
  }),
)
