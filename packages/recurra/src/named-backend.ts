import { commonBackend, javascript, webassembly, type Backend } from '@recurra/backend'
import type { Model } from '@recurra/formats'
import { copyTo } from '@recurra/rnn'

/** A backend, by its name; `webgpu` is the GPU, and an error where there is none. */
export type BackendName = 'webassembly' | 'javascript' | 'webgpu'

const backends: Readonly<Record<BackendName, () => Backend | Promise<Backend>>> = {
  webassembly: () => webassembly(),
  javascript: () => javascript(),
  webgpu: async () => (await import('@recurra/backend-webgpu')).webgpu(),
}

/** The backend of that name. */
export const namedBackend = async (name: BackendName): Promise<Backend> => backends[name]()

/** A model whose values can be read at once: itself, or, where its backend answers later, a copy on the processor. */
export const atOnce = <M extends Model>(model: M): M | Promise<M> =>
  model.backend.answersLater ? copyTo(model, commonBackend()) : model
