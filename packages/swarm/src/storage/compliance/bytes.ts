import { check, expectBytes, expectRejection, type Scene, type StorageCheck } from './check.ts'
import { chance, cut, mixedBytes, shuffled, type Layout } from './sample.ts'

const hybrid: Layout = { files: [20_000, 16_384, 5], pieceLength: 16_384, version: 'hybrid' }
const version2: Layout = { ...hybrid, version: 2 }

/** What is written is what is read. */
export const byteChecks: readonly StorageCheck[] = [
  check('what is written in any cuts reads back in any cuts', async ({ open, data }) => {
    const storage = await open()
    for (let seed = 1; seed <= 8; seed++) {
      const below = chance(seed)
      // other bytes each time: the last ones count
      const bytes = mixedBytes(data.length, 100 + seed)
      for (const [from, to] of shuffled(cut(data.length, below(9), below), below)) {
        await storage.write(from, bytes.subarray(from, to))
      }
      for (const [from, to] of cut(data.length, below(9), below)) {
        const read = await storage.read(from, to - from)
        expectBytes(`cuts of seed ${seed}, from ${from}`, read, bytes.subarray(from, to))
      }
    }
  }),

  check('a range across the edges of files is one range', async ({ open, torrent, data }) => {
    const storage = await open()
    await storage.write(0, data)
    for (const { offset } of torrent.files) {
      const [from, to] = [Math.max(0, offset - 2), Math.min(data.length, offset + 2)]
      const read = await storage.read(from, to - from)
      expectBytes(`around byte ${offset}`, read, data.subarray(from, to))
    }
  }),

  check('ranges that do not overlap may be written and read at once', async ({ open, data }) => {
    const storage = await open()
    const ranges = cut(data.length, 64, chance(7))
    await Promise.all(
      ranges.map(async ([from, to]) => {
        await storage.write(from, data.subarray(from, to))
        const read = await storage.read(from, to - from)
        expectBytes(`written beside others, from ${from}`, read, data.subarray(from, to))
      })
    )
    expectBytes('all of it', await storage.read(0, data.length), data)
  }),

  check('the last piece may come first', async ({ open, torrent, data }) => {
    const storage = await open()
    for (let piece = torrent.pieceCount - 1; piece >= 0; piece--) {
      const from = piece * torrent.pieceLength
      await storage.write(from, data.subarray(from, from + torrent.pieceSize(piece)))
    }
    expectBytes('all of it', await storage.read(0, data.length), data)
  }),

  check('a later write replaces what was there, and its neighbours stay', async (scene) => {
    const { data } = scene
    const storage = await scene.open()
    const wanted = data.slice()
    await storage.write(0, data)
    for (const [from, length] of [
      [0, 1],
      [1400, 300],
      [data.length - 1, 1]
    ] as const) {
      const bytes = mixedBytes(length, 50)
      wanted.set(bytes, from)
      await storage.write(from, bytes)
    }
    expectBytes('all of it', await storage.read(0, data.length), wanted)
  }),

  check(
    'bytes that were never written are zeros or a rejection',
    async ({ open, torrent, data }) => {
      const storage = await open()
      const { pieceLength } = torrent
      await storage.write(2 * pieceLength, data.subarray(2 * pieceLength, 3 * pieceLength))
      for (const from of [0, 5 * pieceLength, data.length - 100]) {
        const read = await storage.read(from, 100).catch(() => undefined)
        if (read !== undefined) expectBytes(`unwritten, from ${from}`, read, new Uint8Array(100))
      }
    }
  ),

  check(
    'files without bytes are in nobody’s way',
    async ({ open, data }) => {
      const storage = await open()
      await storage.write(0, data)
      expectBytes('all of it', await storage.read(0, data.length), data)
    },
    { files: [0, 0, 1200, 0], pieceLength: 1024 }
  ),

  check('padding reads as zeros (BEP 47)', piecesReadBack, hybrid),
  check('pieces of version 2 have their places (BEP 52)', piecesReadBack, version2),

  check('whichever files are wanted, all bytes read back', async ({ open, torrent, data }) => {
    const storage = await open()
    const { files, pieceCount, pieceLength } = torrent
    // the pieces of the files with an even number, then all others, then nobody wants anything
    const choices = [0, 1, 2].map((rest) => files.map((_, file) => file % 2 === 0 || rest === 1))
    for (const [rest, wanted] of choices.entries()) {
      await storage.want?.(rest === 2 ? files.map(() => false) : wanted)
      for (let piece = rest % 2; piece < pieceCount; piece += 2) {
        const from = piece * pieceLength
        await storage.write(from, data.subarray(from, from + torrent.pieceSize(piece)))
        const read = await storage.read(from, torrent.pieceSize(piece))
        expectBytes(`piece ${piece}`, read, data.subarray(from, from + read.length))
      }
    }
    expectBytes('all of it', await storage.read(0, data.length), data)
  }),

  check('the caller may reuse what it wrote and change what it read', async ({ open, data }) => {
    const storage = await open()
    const bytes = data.slice()
    await storage.write(0, bytes)
    bytes.fill(0)
    const read = await storage.read(0, data.length)
    read.fill(0)
    expectBytes('read again', await storage.read(0, data.length), data)
  }),

  check('of a view only the view is written', async ({ open, data }) => {
    const storage = await open()
    await storage.write(0, new Uint8Array(data.buffer, 1600, 300))
    await storage.write(300, new Uint8Array(data.buffer, 0, 10))
    const wanted = Uint8Array.of(...data.subarray(1600, 1900), ...data.subarray(0, 10))
    expectBytes('two views', await storage.read(0, 310), wanted)
  }),

  check('nothing is read and written at any place', async ({ open, data }) => {
    const storage = await open()
    for (const at of [0, 1500, data.length]) {
      await storage.write(at, new Uint8Array())
      expectBytes(`nothing at ${at}`, await storage.read(at, 0), new Uint8Array())
    }
  }),

  check('a range outside the torrent is refused, and nothing of it written', async (scene) => {
    const { data } = scene
    const storage = await scene.open()
    await storage.write(0, data)
    const end = data.length
    await expectRejection('a read past the end', storage.read(end - 1, 2))
    await expectRejection('a read before the beginning', storage.read(-1, 1))
    await expectRejection('a write past the end', storage.write(end - 1, new Uint8Array(2)))
    expectBytes('all of it', await storage.read(0, end), data)
  })
]

async function piecesReadBack({ open, torrent, data }: Scene): Promise<void> {
  const storage = await open()
  const pieces = Array.from({ length: torrent.pieceCount }, (_, piece) => {
    const from = piece * torrent.pieceLength
    return { from, bytes: data.subarray(from, from + torrent.pieceSize(piece)) }
  })
  for (const { from, bytes } of pieces) await storage.write(from, bytes)
  for (const { from, bytes } of pieces) {
    expectBytes(`the piece from ${from}`, await storage.read(from, bytes.length), bytes)
  }
}
