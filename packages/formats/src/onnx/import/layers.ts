import type { Blueprint } from '@recurra/layers'
import { last } from '@recurra/rnn'
import type { LayerGraph, LayerNode, LayerParams, PartialNode } from './values.ts'

type Extras = Omit<Partial<LayerNode>, 'type' | 'from' | 'size' | 'blueprint' | 'params'>

/** A layer behind a node. */
export const layerNode = (
  from: LayerGraph, size: number | undefined, blueprint: unknown, params: LayerParams = {}, extras: Extras = {},
): LayerNode => ({ type: 'layer', from, size, blueprint: blueprint as Blueprint, params, ...extras })

/** What becomes a layer with what follows. */
export const partialNode = (
  type: PartialNode['type'], from: LayerGraph, where: string,
  more: Pick<PartialNode, 'steps' | 'whole' | 'turned' | 'weights'> = {},
): PartialNode => ({ type, from, where, ...more })

/** The number of features that a node gives, as far as it is known. */
export const sizeOfNode = (node: LayerGraph): number | undefined =>
  node.size ?? (node.type === 'input' ? undefined : sizeOfNode(node.from))

/** The first step of a node. */
export const firstOf = (from: LayerGraph): LayerNode =>
  layerNode(from, undefined, last({ reverse: true }), {}, { overTime: true })

/** The last step of a node. */
export const lastOf = (from: LayerGraph): LayerNode =>
  layerNode(from, undefined, last(), {}, { overTime: true })
