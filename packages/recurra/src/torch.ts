/**
 * Reads and writes PyTorch files. A separate entry, because most programs do not need it.
 *
 * @module recurra/torch
 */
export * from '@recurra/formats/torch'
