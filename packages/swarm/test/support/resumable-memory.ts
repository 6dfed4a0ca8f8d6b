import { Bitfield } from '../../src/core/bitfield.ts'
import type { Torrent } from '../../src/codec/metainfo.ts'
import { memoryStorage } from '../../src/storage/memory.ts'
import type { Storage } from '../../src/storage/storage.ts'

/** Storages in memory that find what they kept when they are opened again under the same name. */
export function resumableMemory(): (torrent: Torrent, place: string) => Storage {
  const places = new Map<string, { storage: Storage; have: Bitfield }>()
  return (torrent, place) => {
    const kept = places.get(place) ?? {
      storage: memoryStorage(torrent),
      have: new Bitfield(torrent.pieceCount)
    }
    places.set(place, kept)
    let open = true
    return {
      ...kept.storage,
      close: async () => {
        open = false
      },
      remembered: async (_, options) => {
        options?.signal?.throwIfAborted()
        return kept.have.toBytes()
      },
      remember: (piece) => {
        if (open) kept.have.add(piece)
      }
    }
  }
}
