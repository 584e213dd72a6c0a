import { Bindings, type Dispatch } from './bindings.ts'
import { lost, refused, type DeviceError } from './device-error.ts'
import type { Region } from './memory.ts'
import { Pipelines } from './pipelines.ts'
import { Tables } from './tables.ts'
import { Uploads, type Upload } from './uploads.ts'

interface Staging { readonly buffer: GPUBuffer; readonly size: number }

const enough = 1024 // dispatches that wait while the device has nothing to do
const few = 2 ** 18 // values that are copied once more, rather than end a list of commands
const forReading = 0x8 | 0x1 // COPY_DST, MAP_READ
const mapRead = 1

/**
 * What the device is to do, in order. Kernels that run between two reads are recorded as they are called, and handed
 * over together.
 */
export class Commands {
  readonly tables: Tables
  readonly pipelines: Pipelines
  /** How many kernels ran so far, and how many lists of commands were handed over. */
  dispatches = 0
  submissions = 0
  readonly #device: GPUDevice
  readonly #bufferOf: (number: number) => GPUBuffer
  readonly #pending: (Dispatch | Region | Upload)[] = []
  readonly #at: number[] = []
  #count = 0
  #lastStep = 0
  readonly #offsets = new Uint32Array(2)
  readonly #bindings: Bindings
  readonly #uploads: Uploads
  #staged = new Float32Array(0)
  readonly #idle: Staging[] = []
  #lost: DeviceError | undefined
  #refused: DeviceError | undefined

  constructor(device: GPUDevice, bufferOf: (number: number) => GPUBuffer) {
    this.#device = device
    this.#bufferOf = bufferOf
    this.tables = new Tables(device, () => this.submit())
    this.pipelines = new Pipelines(device)
    this.#bindings = new Bindings(device, this.tables, this.pipelines, bufferOf)
    this.#uploads = new Uploads(device)
    void device.lost.then(({ message, reason }) => (this.#lost = lost(message || reason)))
    device.addEventListener('uncapturederror', (event) => {
      this.#refused ??= refused((event as GPUUncapturedErrorEvent).error.message)
    })
  }

  /** Runs a kernel after all that was recorded. */
  run(dispatch: Dispatch, step: number): void {
    this.#push(dispatch, step)
    if (step > this.#lastStep) this.#lastStep = step
  }

  /** Zeroes a part of a buffer. */
  clear(region: Region): void {
    this.#push(region, 0)
  }

  /** Copies values into a buffer; what was recorded before does not see them. */
  write(buffer: number, offset: number, values: ArrayLike<number>, integers: boolean): void {
    if (values.length === 0) return
    if (this.#count > 0 && values.length <= few)
      return this.#push(this.#uploads.add(buffer, offset, values, integers), 0)
    this.submit()
    if (this.#staged.length < values.length) this.#staged = new Float32Array(values.length)
    const words = integers ? new Int32Array(this.#staged.buffer) : this.#staged
    words.set(values)
    this.#device.queue.writeBuffer(this.#bufferOf(buffer), offset, this.#staged.buffer, 0, 4 * values.length)
  }

  /**
   * The bytes of some regions, one after the other, as of now.
   * @throws `DeviceError` if the device was lost, or refused what it was to do since the last read.
   */
  async read(regions: readonly Region[]): Promise<ArrayBuffer> {
    const size = regions.reduce((sum, region) => sum + region.size, 0)
    if (this.#lost) throw this.#lost
    const staging = this.#staging(size)
    const encoder = this.#encode()
    for (let i = 0, to = 0; i < regions.length; to += regions[i++]!.size) {
      const { buffer, offset, size: bytes } = regions[i]!
      if (bytes > 0) encoder.copyBufferToBuffer(this.#bufferOf(buffer), offset, staging.buffer, to, bytes)
    }
    this.#hand(encoder)
    try {
      await staging.buffer.mapAsync(mapRead, 0, staging.size)
    } catch (error) {
      await Promise.resolve() // what was lost is told first
      throw this.#lost ?? this.#take() ?? refused(String(error))
    }
    const failure = this.#lost ?? this.#take()
    if (failure) throw failure
    const bytes = staging.buffer.getMappedRange(0, staging.size).slice(0, size)
    staging.buffer.unmap()
    this.#idle.push(staging)
    return bytes
  }

  /** Hands over what was recorded. */
  submit(): void {
    if (this.#count > 0) this.#hand(this.#encode())
  }

  #hand(encoder: GPUCommandEncoder): void {
    this.#device.queue.submit([encoder.finish()])
    this.submissions++
  }

  #push(command: Dispatch | Region | Upload, step: number): void {
    this.#pending[this.#count] = command
    this.#at[this.#count++] = step
    if (this.#count >= enough) this.submit()
  }

  #encode(): GPUCommandEncoder {
    this.tables.upload()
    this.#bindings.reach(this.#lastStep)
    const uploads = this.#uploads.hand()
    const encoder = this.#device.createCommandEncoder()
    let pass: GPUComputePassEncoder | undefined
    let pipeline: GPUComputePipeline | undefined
    for (let i = 0; i < this.#count; i++) {
      const command = this.#pending[i]!
      if ('pipeline' in command) {
        pass ??= encoder.beginComputePass()
        if (command.pipeline !== pipeline) pass.setPipeline((pipeline = command.pipeline))
        this.#offsets[0] = command.table.offset
        this.#offsets[1] = this.#bindings.offsetOf(this.#at[i]!)
        pass.setBindGroup(0, this.#bindings.of(command), this.#offsets, 0, 2)
        const { workgroups } = command
        pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2])
        this.dispatches++
      } else {
        pass?.end()
        pass = pipeline = undefined
        const { offset, size } = command
        const to = this.#bufferOf(command.buffer)
        if ('from' in command) encoder.copyBufferToBuffer(uploads!, command.from, to, offset, size)
        else encoder.clearBuffer(to, offset, size)
      }
    }
    pass?.end()
    this.#pending.length = this.#count = 0
    return encoder
  }

  #staging(bytes: number): Staging {
    const size = Math.max(256, 2 ** Math.ceil(Math.log2(bytes)))
    const i = this.#idle.findIndex((one) => one.size === size)
    if (i >= 0) return this.#idle.splice(i, 1)[0]!
    return { buffer: this.#device.createBuffer({ size, usage: forReading }), size }
  }

  #take(): DeviceError | undefined {
    const refusal = this.#refused
    this.#refused = undefined
    return refusal
  }
}
