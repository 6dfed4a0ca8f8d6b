import type { AbortOptions } from '@libp2p/interface'
import type { TorrentFile } from '../codec/metainfo-files.ts'
import type { Torrent } from '../codec/metainfo.ts'
import { limits } from '../limits.ts'

export interface ReadOptions extends AbortOptions {
  /** first byte, counted in the file @default 0 */
  start?: number
  /** first byte that is not read any more @default the file's length */
  end?: number
}

export interface Reading {
  torrent: Torrent
  /** resolves when the piece is verified and stored; rejects when that will not be, or on abort */
  verified: (piece: number, options: AbortOptions) => Promise<void>
  /** reads stored bytes of one piece */
  read: (piece: number, begin: number, length: number, options: AbortOptions) => Promise<Uint8Array>
}

/**
 * Bytes of a file from front to back, each as soon as its piece is verified.
 *
 * @throws {RangeError} for a range that is not in the file
 */
export async function* readRange(
  { torrent, verified, read }: Reading,
  file: TorrentFile,
  options: ReadOptions
): AsyncGenerator<Uint8Array> {
  const { start = 0, end = file.length, signal } = options
  if (!(start >= 0 && start <= end && end <= file.length)) {
    throw new RangeError(`bytes ${start} to ${end} are not in a file of ${file.length} bytes`)
  }
  const last = file.offset + end
  const { pieceLength } = torrent
  for (let at = file.offset + start; at < last;) {
    const piece = Math.floor(at / pieceLength)
    const begin = at - piece * pieceLength
    const length = Math.min(limits.stream.chunk, pieceLength - begin, last - at)
    signal?.throwIfAborted()
    await verified(piece, { ...(signal && { signal }) })
    yield await read(piece, begin, length, { ...(signal && { signal }) })
    at += length
  }
}

/** The same as a web stream, which reads no further ahead than it is asked to. */
export function streamOf(
  signal: AbortSignal | undefined,
  read: (signal: AbortSignal) => AsyncGenerator<Uint8Array>
): ReadableStream<Uint8Array> {
  const cancelled = new AbortController()
  const bytes = read(AbortSignal.any([cancelled.signal, ...(signal == null ? [] : [signal])]))
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await bytes.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => {
        cancelled.abort(reason)
      }
    },
    { highWaterMark: 0 }
  )
}
