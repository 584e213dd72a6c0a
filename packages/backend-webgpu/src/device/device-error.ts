import { RecurraError } from '@recurra/tensor'

/**
 * The GPU failed: its device was lost (the driver restarted, the adapter was removed, the memory ran out), or it
 * rejected a command. Make a new backend and a new model, and resume from the last checkpoint.
 */
export class DeviceError extends RecurraError {
  override readonly name: string = 'DeviceError'
}

export const lost = (reason: string): DeviceError =>
  new DeviceError({
    where: 'webgpu',
    expected: 'a device that runs',
    got: `one that was lost${reason && ` (${reason})`}`,
    fix: 'Make a new backend and a new model, and resume from the last checkpoint.',
  })

export const refused = (message: string): DeviceError =>
  new DeviceError({
    where: 'webgpu',
    expected: 'commands that the device runs',
    got: message,
    fix: /memory/i.test(message)
      ? 'Take a smaller batch, fewer steps or smaller layers.'
      : 'This is a fault of Recurra or of the driver: please report it with the name of the adapter.',
  })
