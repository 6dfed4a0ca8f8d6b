import { checkPiece } from '../../check-piece.ts'
import { Bitfield } from '../../core/bitfield.ts'
import type { Storage } from '../storage.ts'
import { check, expectBytes, expectRejection, type Scene, type StorageCheck } from './check.ts'

/** What a storage knows when it is opened again. */
export const resumeChecks: readonly StorageCheck[] = [
  check('a new place remembers nothing', async (scene) => {
    const pieces = await rememberedBy(await scene.open(), scene)
    expectPieces('at first', pieces, [])
  }),

  check('what it was told, it knows when it is opened again', async (scene) => {
    // the first and last bit of a byte, and of all
    const told = [0, 7, 8, scene.torrent.pieceCount - 1]
    const first = await scene.open()
    await rememberedBy(first, scene)
    for (const piece of told) await keep(first, scene, piece)
    await first.close()
    const second = await scene.open()
    expectPieces('opened again', await rememberedBy(second, scene), told)
    for (const piece of told) await expectKept(second, scene, piece)
  }),

  check('what it was told in several runs adds up', async (scene) => {
    const told: number[] = []
    for (const piece of [3, 0, scene.torrent.pieceCount - 1]) {
      const storage = await scene.open()
      expectPieces(`before piece ${piece}`, await rememberedBy(storage, scene), told)
      await keep(storage, scene, piece)
      told.push(piece)
      await storage.close()
    }
    expectPieces('in the end', await rememberedBy(await scene.open(), scene), told)
  }),

  check('it knows pieces that were told while other files were wanted', async (scene) => {
    const { files } = scene.torrent
    const first = await scene.open()
    await first.want?.(files.map((_, file) => file === 3))
    await rememberedBy(first, scene)
    for (const piece of [1, 2]) await keep(first, scene, piece)
    await first.close()
    for (const wanted of [files.map(() => false), files.map(() => true)]) {
      const storage = await scene.open()
      await storage.want?.(wanted)
      expectPieces('opened again', await rememberedBy(storage, scene), [1, 2])
      for (const piece of [1, 2]) await expectKept(storage, scene, piece)
      await storage.close()
    }
  }),

  check('all that it remembers is there and right', async (scene) => {
    const { torrent } = scene
    const first = await scene.open()
    await rememberedBy(first, scene)
    await keep(first, scene, 2)
    // never told: bytes like these lie there after a crash
    await first.write(5 * torrent.pieceLength, new Uint8Array(torrent.pieceLength).fill(1))
    await first.close()
    const second = await scene.open()
    const check = checkerOf(second, scene)
    for (const piece of await rememberedBy(second, scene)) {
      if (await check(piece)) continue
      throw new Error(`it remembers piece ${piece}, whose bytes are wrong or not there`)
    }
  }),

  check('to be told twice, at once, or after closing does no harm', async (scene) => {
    const storage = await scene.open()
    await rememberedBy(storage, scene)
    await Promise.all([1, 2, 3, 4].map((piece) => keep(storage, scene, piece)))
    await Promise.all([storage.remember?.(1), storage.remember?.(1)])
    await storage.close()
    await storage.remember?.(5)
    const pieces = await rememberedBy(await scene.open(), scene)
    expectPieces('opened again', pieces, [1, 2, 3, 4])
  }),

  check('a signal that has aborted stops the remembering', async (scene) => {
    const storage = await scene.open()
    const signal = AbortSignal.abort(new Error('enough'))
    const check = checkerOf(storage, scene)
    await expectRejection('remembered', storage.remembered!(check, { signal }))
  })
]

/** As a transfer does it: written, then told. */
async function keep(storage: Storage, { torrent, data }: Scene, piece: number): Promise<void> {
  const from = piece * torrent.pieceLength
  await storage.write(from, data.subarray(from, from + torrent.pieceSize(piece)))
  await storage.remember?.(piece)
}

async function expectKept(storage: Storage, { torrent, data }: Scene, piece: number) {
  const from = piece * torrent.pieceLength
  const wanted = data.subarray(from, from + torrent.pieceSize(piece))
  expectBytes(`piece ${piece}, opened again`, await storage.read(from, wanted.length), wanted)
}

function checkerOf(storage: Storage, { torrent }: Scene): (piece: number) => Promise<boolean> {
  return async (piece) => {
    const bytes = await storage
      .read(piece * torrent.pieceLength, torrent.pieceSize(piece))
      .catch(() => undefined)
    return bytes !== undefined && checkPiece(torrent, piece, bytes)
  }
}

async function rememberedBy(storage: Storage, scene: Scene): Promise<number[]> {
  if (storage.remembered === undefined) throw new Error('it has no method `remembered`')
  const bytes = await storage.remembered(checkerOf(storage, scene))
  const pieces = Bitfield.read(bytes, scene.torrent.pieceCount)
  if (pieces instanceof Error) throw new Error(`it remembers ${pieces.message}`)
  return [...pieces]
}

function expectPieces(what: string, got: readonly number[], wanted: readonly number[]): void {
  const sorted = wanted.toSorted((a, b) => a - b)
  if (got.join() === sorted.join()) return
  throw new Error(`${what} it remembers pieces [${got.join()}], not [${sorted.join()}]`)
}
