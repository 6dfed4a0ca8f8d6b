import type { Torrent } from '../src/codec/metainfo.ts'

/** Bytes that look random and are the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed * 2654435761
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** A torrent without hashes, for cores: what is right, the world knows that holds the content. */
export function fakeTorrent(init: { length: number; pieceLength: number; info?: number }): Torrent {
  const { length, pieceLength, info = 20_000 } = init
  const pieceCount = Math.ceil(length / pieceLength)
  return {
    version: 1,
    infoHash: noise(20, 7),
    id: 'btih:0707070707070707070707070707070707070707',
    name: 'noise',
    length,
    extent: length,
    pieceLength,
    pieceCount,
    files: [{ path: ['noise'], length, offset: 0, pad: false }],
    private: false,
    trackers: [],
    info: noise(info, 8),
    verifiable: true,
    pieceHash: () => new Uint8Array(20),
    pieceTree: () => undefined,
    pieceSize: (piece) => Math.min(pieceLength, length - piece * pieceLength)
  }
}
