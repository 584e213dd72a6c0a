/**
 * Files of PyTorch. It is an entry of its own, because most programs do not read them.
 *
 * @module recurra/torch
 */
export * from '@recurra/formats/torch'
