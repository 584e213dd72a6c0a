/** The reasons of file system errors by their code, to follow "got" or a path. */
export const systemReasons: { readonly [code: string]: string } = {
  ENOENT: 'nothing by this name',
  ENOTDIR: 'a file in place of a folder',
  EISDIR: 'a folder',
  EEXIST: 'something by this name already',
  EACCES: 'a place without permission',
  EPERM: 'a place without permission',
  EROFS: 'a disk that can only be read',
  ENOSPC: 'a full disk',
  EDQUOT: 'a full disk',
  EIO: 'a disk that failed',
}
