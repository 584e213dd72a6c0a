import { javascript, webassembly, type Backend } from '@recurra/backend'

/** The backends that a page can name. */
export const backendNames = ['webassembly', 'javascript', 'webgpu'] as const

/** A backend, by its name; `webgpu` is the GPU, and an error where there is none. */
export type BackendName = (typeof backendNames)[number]

const backends: Readonly<Record<BackendName, () => Backend | Promise<Backend>>> = {
  webassembly: () => webassembly(),
  javascript: () => javascript(),
  webgpu: async () => (await import('@recurra/backend-webgpu')).webgpu(),
}

/** The backend of that name. */
export const namedBackend = async (name: BackendName): Promise<Backend> => backends[name]()
