import type { Layer } from './layer.ts'

/**
 * The innermost layer of which something holds that holds of all around it, as errors name it: `gru (layer 1.backward)`;
 * the type alone of a layer without parts.
 */
export const innermost = (layer: Layer, holds: (part: Layer) => boolean, path = ''): string => {
  const [name, part] = layer.parts?.find(([, one]) => holds(one)) ?? []
  if (part) return innermost(part, holds, path ? `${path}.${name}` : name)
  return path ? `${layer.type} (layer ${path})` : layer.type
}
