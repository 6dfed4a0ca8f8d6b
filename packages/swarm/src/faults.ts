/** What bytes that are not canonical bencode may have wrong with them. */
export const bencodeFaults = {
  'cut-short': 'the value ends too early',
  depth: 'lists and dictionaries lie too deep in one another',
  integer: 'a number with a leading zero, minus zero, no digits, or more than 2^53 - 1',
  'key-order': 'keys are not sorted, or one is there twice',
  'key-type': 'a key is not a string',
  length: 'a string is longer than what is left, or its length has no colon',
  tokens: 'there are too many values',
  trailing: 'there are bytes after the value',
  unknown: 'no value begins like this'
} as const

/** What a path inside a torrent may have wrong with it. */
const pathFaults = {
  'path-absolute': 'a part of a path begins at the root or at a drive',
  'path-clash': 'a name is both a file and a folder',
  'path-control': 'a name has characters in it that are not seen',
  'path-deep': 'a file lies in too many folders',
  'path-dots': 'a name is . or ..',
  'path-empty': 'a file or folder has no name',
  'path-long': 'a name is longer than file systems take',
  'path-reserved': 'a name is that of a device on Windows',
  'path-separator': 'a name has a slash or backslash in it',
  'path-symlink': 'there is a symbolic link',
  'path-trailing': 'a name ends in a dot or a space, which Windows drops',
  'path-twin': 'two names are one where case or accents do not count',
  'path-utf8': 'a name is not UTF-8'
} as const

/** What a `.torrent` file or an info dictionary may be refused for, in words. */
export const torrentFaults = {
  ...pathFaults,
  bencode: 'it is not canonical bencode; the cause says why',
  empty: 'there are no bytes in it',
  'field-missing': 'a field is not there',
  'field-type': 'a field is of the wrong type',
  'file-tree': 'a folder is empty, or a file is a folder or padding, too (version 2)',
  'hybrid-files': 'its two versions list different files',
  'hybrid-length': 'its two versions differ in the length of a file',
  'hybrid-padding': 'its two versions differ in where a file begins',
  'info-missing': 'it has no info dictionary',
  'layer-missing': 'the hashes of a file’s pieces are not there (version 2)',
  'layer-root': 'the hashes of a file’s pieces do not make its root (version 2)',
  'layer-size': 'there are more or fewer hashes than the file has pieces (version 2)',
  length: 'a length is negative, or all together are more than 2^53',
  'piece-count': 'there are more or fewer hashes than pieces, or too many pieces',
  'piece-length': 'pieces are too small, too large, or, in version 2, no power of two',
  'pieces-root': 'the root of a file’s hash tree has the wrong size, or is zero (version 2)',
  size: 'it is larger than this package reads',
  version: 'it is of a version that this package does not know'
} as const

/** Why bytes are not canonical bencode: {@link bencodeFaults} says it in words. */
export type BencodeFault = keyof typeof bencodeFaults

/** Why a path inside a torrent is refused. */
export type PathFault = keyof typeof pathFaults

/** Why a `.torrent` file or an info dictionary is refused: {@link torrentFaults} says it in words. */
export type TorrentFault = keyof typeof torrentFaults
