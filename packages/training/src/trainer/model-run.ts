import type { Frame, Layer } from '@recurra/layers'
import type { Tensor } from '@recurra/tensor'

/** Layers with their paths and frames, in the order in which they run. */
export type LayerFrames = readonly (readonly [path: string, layer: Layer, frame: Frame])[]

/** What follows the forward pass of each segment, or precedes its backward pass. */
export type AtSegment = (index: number) => void

/** Runs a model over the input that was staged: at once, or segment after segment. */
export interface ModelRun {
  /** The frame of the model; in segments, that of one of them, with the states of all. */
  readonly frame: Frame
  /** The memory of the whole input. Default: the run takes the input of each segment from what was staged. */
  readonly x?: Frame['x']['value']
  /** x, initial -> y, final */
  forward(each: AtSegment | undefined): void
  /** y of the last batch, copied. Default: it is in the frame. */
  readonly output?: () => Tensor | Promise<Tensor>
  /** Above 0 for rows of `output` that are no padding: [time, batch]. Default: all are real. */
  readonly counts?: () => Tensor | undefined
}

/** The same in training. */
export interface TrainableRun extends ModelRun {
  /** y.grad -> adds to the gradients of the parameters; gives that of the initial state. Segments run in reverse. */
  backward(each: AtSegment | undefined): void
  /** What the batch leaves in the layers, once its step has succeeded: running statistics. */
  commit(): void
  /** What the layers computed in the last forward pass, part by part: each is there until the next is asked for. */
  readonly computed: Iterable<LayerFrames>
}
