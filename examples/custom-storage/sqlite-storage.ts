import { DatabaseSync } from 'node:sqlite'
import { Bitfield, DiskFullError, type Storage, type Torrent } from '@peerage/swarm'

/** Keeps a torrent in a database, one row a piece. */
export function sqliteStorage(torrent: Torrent, path: string): Storage {
  const { pieceLength, pieceCount, extent } = torrent
  const database = new DatabaseSync(path)
  // a write-ahead log: what is committed survives the process at once, and the power by a checkpoint
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS pieces (piece INTEGER PRIMARY KEY, bytes BLOB, verified INTEGER)
  `)
  const select = database.prepare('SELECT bytes FROM pieces WHERE piece = ?')
  const insert = database.prepare(`
    INSERT INTO pieces VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET bytes = excluded.bytes
  `)
  const verify = database.prepare('UPDATE pieces SET verified = 1 WHERE piece = ?')
  const verified = database.prepare('SELECT piece FROM pieces WHERE verified = 1')

  const pieceOf = (piece: number): Uint8Array =>
    (select.get(piece)?.['bytes'] as Uint8Array | undefined) ?? new Uint8Array(pieceLength)

  /** Calls back for each piece that a range has a part of. */
  function eachPart(
    offset: number,
    length: number,
    part: (piece: number, at: number, from: number, to: number) => void
  ) {
    if (offset < 0 || offset + length > extent) throw new RangeError('not in the torrent')
    for (let from = 0; from < length;) {
      const piece = Math.floor((offset + from) / pieceLength)
      const at = offset + from - piece * pieceLength
      const to = Math.min(length, from + pieceLength - at)
      part(piece, at, from, to)
      from = to
    }
  }

  return {
    async read(offset, length, options) {
      options?.signal?.throwIfAborted()
      const bytes = new Uint8Array(length)
      eachPart(offset, length, (piece, at, from, to) => {
        bytes.set(pieceOf(piece).subarray(at, at + to - from), from)
      })
      return bytes
    },
    async write(offset, bytes, options) {
      options?.signal?.throwIfAborted()
      try {
        eachPart(offset, bytes.length, (piece, at, from, to) => {
          const row = pieceOf(piece)
          row.set(bytes.subarray(from, to), at)
          insert.run(piece, row)
        })
      } catch (cause) {
        const full = (cause as { errcode?: number }).errcode === 13 // SQLITE_FULL
        throw full ? new DiskFullError(`no room for "${path}"; free some space`, { cause }) : cause
      }
    },
    async sync() {
      database.exec('PRAGMA wal_checkpoint(FULL)')
    },
    async close() {
      if (database.isOpen) database.close()
    },
    async remembered(_check, options) {
      options?.signal?.throwIfAborted()
      const have = new Bitfield(pieceCount)
      for (const { piece } of verified.iterate()) have.add(Number(piece))
      return have.toBytes()
    },
    remember(piece) {
      if (database.isOpen) verify.run(piece)
    }
  }
}
