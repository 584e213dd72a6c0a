import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { importModel, type Backend, type Sequential } from 'recurra'
import { sileroGraph } from './listener.ts'

/** The versions that the npm package has as streams. */
export type Version = 'v5' | 'v6'

/** Silero VAD (MIT), as the npm package @ricky0123/vad-web brings it along: an ONNX file. */
export const sileroFile = (version: Version): Uint8Array =>
  readFileSync(createRequire(import.meta.url).resolve(`@ricky0123/vad-web/dist/silero_vad_${version}.onnx`))

/** Its layers. */
export const silero = (version: Version, backend?: Backend): Promise<Sequential> =>
  importModel(sileroFile(version), { ...sileroGraph, ...(backend && { backend }) })
