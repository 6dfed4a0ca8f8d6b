const hash = '01234567890123456789'

/** Info dictionaries whose names would write where they must not, by trick; as raw bencode. */
export const hostileInfos: Record<string, Uint8Array> = {
  'the folder above': single('..'),
  'a path that climbs': folderOf([['..', 'evil']]),
  'an absolute path': single('/tmp/evil'),
  'a drive letter': single('C:evil.txt'),
  'a backslash': single(String.raw`..\evil`),
  'a NUL': single('good.txt\0.exe'),
  'a device': folderOf([['aux.txt']]),
  'twins that differ in case': folderOf([['Read.me'], ['READ.ME']]),
  'a terminal command': single('\u001B[2Jevil')
}

function single(name: string): Uint8Array {
  return Buffer.from(`d6:lengthi1e4:name${text(name)}12:piece lengthi16384e6:pieces20:${hash}e`)
}

function folderOf(paths: readonly (readonly string[])[]): Uint8Array {
  const files = paths.map((path) => `d6:lengthi1e4:pathl${path.map(text).join('')}ee`).join('')
  return Buffer.from(`d5:filesl${files}e4:name4:good12:piece lengthi16384e6:pieces20:${hash}e`)
}

function text(value: string): string {
  return `${Buffer.byteLength(value)}:${value}`
}
