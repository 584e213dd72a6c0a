import type { LayerConfig } from './model-config.ts'

/** The names of layers and options in configs of earlier versions. */
const types: Readonly<Record<string, string>> = { joinSource: 'concatSource' }
const options: Readonly<Record<string, string>> = { initialise: 'initializers' }

const today = (names: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(names, name) ? names[name]! : name

/** The config of a layer with today's names, whichever version wrote it. */
export const withoutOldNames = (config: LayerConfig): LayerConfig => ({
  ...config,
  type: today(types, config.type),
  ...(config.options && {
    options: Object.fromEntries(Object.entries(config.options).map(([name, value]) => [today(options, name), value])),
  }),
})
