import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { importModel, type Backend, type Sequential } from 'recurra'
import { sileroGraph, type Hearing } from './listener.ts'

/** The versions that the npm package has; `legacy` is the fourth one. */
export type Version = 'v5' | 'v6' | 'legacy'

/** Silero VAD (MIT), as the npm package @ricky0123/vad-web brings it along: an ONNX file. */
export const sileroFile = (version: Version): Uint8Array =>
  readFileSync(createRequire(import.meta.url).resolve(`@ricky0123/vad-web/dist/silero_vad_${version}.onnx`))

/** Its layers. */
export const silero = (
  version: Version, { backend, hearing }: { readonly backend?: Backend; readonly hearing?: Hearing } = {},
): Promise<Sequential> => importModel(sileroFile(version), { ...sileroGraph(hearing), ...(backend && { backend }) })
