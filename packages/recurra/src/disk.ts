/**
 * Models and checkpoints in folders on a disk, for Node.
 *
 * @module recurra/disk
 */
export * from '@recurra/formats/disk'
