import { isRecord } from '@recurra/tensor'
import { FormatError } from '../errors.ts'
import { kindOf } from '../foreign-files.ts'
import type { BuiltInImporter } from './built-in-importer.ts'
import type { ModelFiles } from './importer.ts'
import type { JsonImporter } from './json-importer.ts'
import { brainImporter } from './brain/brain-importer.ts'
import { ml5Importer } from './ml5/ml5-importer.ts'
import { tfjsImporter } from './tfjs/tfjs-importer.ts'

const kinds: readonly JsonImporter[] = [tfjsImporter, brainImporter, ml5Importer]

/** Models in JSON, whose fields tell what they are. */
export const jsonModels: BuiltInImporter = {
  kind: 'a model in JSON',
  read(files, options) {
    const json = jsonOf(files.main)
    for (const one of candidates(json, files)) {
      const kind = kinds.find(({ recognizes }) => recognizes(one))
      if (kind) return kind.read(one, files, options)
    }
    throw new FormatError({
      where: 'importModel',
      expected: kinds.map(({ kind: each }) => each).join(', or '),
      got: `JSON with ${Object.keys(json).slice(0, 6).join(', ') || 'no fields'}`,
      fix: 'A config.json of Recurra is for modelOf; that of transformers has no layers in it.',
    })
  },
}

/** The file itself, and then the other ones in JSON: a model may come with a vocabulary in one. Each is read once. */
function* candidates(json: ReturnType<typeof jsonOf>, { all }: ModelFiles): Generator<typeof json> {
  yield json
  for (const file of all.values()) if (kindOf(file) === 'json') yield jsonOf(file.bytes(0, file.size))
}

const jsonOf = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  const fault = (expected: string, got: string): FormatError =>
    new FormatError({ where: 'importModel', expected, got, fix: 'The file is damaged, or cut off; get it again.' })
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (isRecord(json)) return json
  } catch (error) {
    throw fault('JSON', (error as Error).message)
  }
  throw fault('an object in JSON', 'a list')
}
