import type { AbortOptions } from '@libp2p/interface'
import type { TorrentFile } from '../codec/metainfo-files.ts'
import type { Torrent } from '../codec/metainfo.ts'
import { limits } from '../limits.ts'

/** A range of a file. */
export interface FileSpan {
  /** first byte, counted in the file @default 0 */
  start?: number
  /** first byte that is not in it any more @default the file's length */
  end?: number
}

export interface ReadOptions extends AbortOptions, FileSpan {}

/** Whoever reads a torrent while it comes. */
export interface Reader {
  torrent: Torrent
  /** It waits for a piece, and means to read on to the `last`. */
  ahead: (piece: number, last: number) => void
  /** It reads no more. May be called twice. */
  leave: () => void
  /** resolves when the piece is verified and stored; rejects when that will not be, or on abort */
  verified: (piece: number, options: AbortOptions) => Promise<void>
  /** reads stored bytes of one piece */
  read: (piece: number, begin: number, length: number, options: AbortOptions) => Promise<Uint8Array>
}

/** First and last piece that has bytes of a range of a file; undefined when it has no bytes. */
export function piecesOf(
  { pieceLength }: Torrent,
  file: TorrentFile,
  { start = 0, end = file.length }: FileSpan
): [first: number, last: number] | undefined {
  if (!(start >= 0 && start <= end && end <= file.length)) {
    throw new RangeError(`bytes ${start} to ${end} are not in a file of ${file.length} bytes`)
  }
  if (start === end) return undefined
  const pieceAt = (at: number): number => Math.floor((file.offset + at) / pieceLength)
  return [pieceAt(start), pieceAt(end - 1)]
}

/**
 * Bytes of a file from front to back, each as soon as its piece is verified. What comes next is
 * hurried while there is a reader.
 *
 * @throws {RangeError} for a range that is not in the file
 */
export async function* readRange(
  reader: Reader,
  file: TorrentFile,
  options: ReadOptions
): AsyncGenerator<Uint8Array> {
  const { torrent } = reader
  const [first, last] = piecesOf(torrent, file, options) ?? [0, -1]
  const { start = 0, end = file.length, signal } = options
  // a reader that is told to stop need not ask for the next bytes to be gone
  signal?.addEventListener('abort', reader.leave)
  try {
    for (let piece = first; piece <= last; piece++) {
      signal?.throwIfAborted()
      reader.ahead(piece, last)
      await reader.verified(piece, { ...(signal && { signal }) })
      const begins = piece * torrent.pieceLength - file.offset
      const from = Math.max(start, begins) - begins
      const to = Math.min(end - begins, torrent.pieceLength)
      yield* chunksOf(reader, piece, from, to, { ...(signal && { signal }) })
    }
  } finally {
    signal?.removeEventListener('abort', reader.leave)
    reader.leave()
  }
}

async function* chunksOf(
  { read }: Reader,
  piece: number,
  from: number,
  to: number,
  options: AbortOptions
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += limits.stream.chunk) {
    options.signal?.throwIfAborted()
    yield await read(piece, at, Math.min(limits.stream.chunk, to - at), options)
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
