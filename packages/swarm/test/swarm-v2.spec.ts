import type { Channel } from '@peerage/wire'
import { describe, expect, test } from 'vitest'
import {
  ContradictionError,
  formatMagnet,
  memoryStorage,
  parseTorrent,
  readInfo,
  type PeerMessage,
  type Storage,
  type Torrent,
  type Transfer
} from '../src/index.ts'
import { ourReserved } from '../src/codec/handshake.ts'
import { formatId } from '../src/codec/content-id.ts'
import { toHex } from '../src/codec/text.ts'
import { unclesIn } from '../src/codec/hash-span.ts'
import { Keeper } from '../src/keeper.ts'
import { createSwarmNode, everyNth, remembering, type SwarmNode } from './nodes.ts'
import { kib, noiseTorrent } from './support/torrents.ts'

const large = { 'c/c.bin': 150 * kib, z: 40 * kib, 'a.txt': 5, 'c/empty': 0, B: 128 * kib }
/** no file is longer than a piece, so that roots are all one needs */
const small = { a: 5, b: 64 * kib, c: 40 * kib }

interface Shared {
  torrent: Torrent
  /** the `.torrent` file */
  bytes: Uint8Array
  /** what each file must have, by its path */
  content: Map<string, Uint8Array>
  storage: Storage
  seed: SwarmNode
}

async function share(
  version: 1 | 2 | 'hybrid',
  files: Record<string, number>,
  pieceLength = 64 * kib
): Promise<Shared> {
  const { torrent, bytes, data } = await noiseTorrent(files, pieceLength, version)
  const storage = memoryStorage(torrent)
  const content = new Map<string, Uint8Array>()
  let from = 0
  for (const [path, length] of Object.entries(files)) {
    const file = torrent.files.find((each) => each.path.slice(1).join('/') === path)!
    content.set(path, data.slice(from, from + length))
    await storage.write(file.offset, content.get(path)!)
    from += length
  }
  const seed = await createSwarmNode()
  await seed.swarm.seed(torrent, storage)
  return { torrent, bytes, content, storage, seed }
}

async function fetchFrom(
  { seed }: Shared,
  source: Torrent | string
): Promise<{ transfer: Transfer; storage: () => Storage; node: SwarmNode }> {
  const node = await createSwarmNode()
  const kept: Storage[] = []
  const transfer = await node.swarm.add(source, {
    storage: (torrent) => (kept[0] = memoryStorage(torrent)),
    peers: [seed.addresses()]
  })
  return { transfer, storage: () => kept[0]!, node }
}

async function filesIn(torrent: Torrent, storage: Storage): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const { path, offset, length, pad } of torrent.files) {
    if (!pad) files.set(path.slice(1).join('/'), await storage.read(offset, length))
  }
  return files
}

function greeting(infoHash: Uint8Array): PeerMessage {
  return { type: 'handshake', infoHash, peerId: new Uint8Array(20), reserved: ourReserved() }
}

/** Answers hash requests with what is no hash, until it is dropped. @returns how many it answered */
async function lieInHashes(channel: Channel<PeerMessage>, infoHash: Uint8Array): Promise<number> {
  let lies = 0
  await channel.send(greeting(infoHash))
  try {
    for await (const frame of channel) {
      if (frame.type !== 'hash-request') continue
      const hashes = new Uint8Array((frame.length + unclesIn(frame)) * 32)
      lies++
      await channel.send({ ...frame, type: 'hashes', hashes })
    }
  } catch {
    // reset, as is right
  }
  return lies
}

/** Resolves when the other side lacks hashes, and has asked this peer for them. */
async function hearsAsking(channel: Channel<PeerMessage>, infoHash: Uint8Array): Promise<void> {
  await channel.send(greeting(infoHash))
  for await (const frame of channel) {
    if (frame.type !== 'hash-request') continue
    return channel.send({ ...frame, type: 'hash-reject' })
  }
}

describe.each([2, 'hybrid'] as const)('a torrent of version %s', (version) => {
  test('given as a .torrent file is fetched and every file is right', async () => {
    const shared = await share(version, large)
    const { transfer, storage, node } = await fetchFrom(shared, parseTorrent(shared.bytes))
    const torrent = await transfer.done
    expect(await filesIn(torrent, storage())).toEqual(
      new Map([...shared.content].sort(([a], [b]) => (a < b ? -1 : 1)))
    )
    const { length, pieceCount, id } = torrent
    expect(transfer.progress).toMatchObject({ bytes: length, length, pieces: pieceCount })
    expect(node.swarm.get(id)).toBe(transfer)
  })

  test('takes part once', async () => {
    const shared = await share(version, small)
    const again = shared.seed.swarm.add(formatMagnet(shared.torrent), { storage: memoryStorage })
    await expect(again).rejects.toMatchObject({ name: 'TransferExistsError' })
  })

  test('known by a magnet comes with its metadata from peers', async () => {
    const shared = await share(version, small)
    const { transfer } = await fetchFrom(shared, formatMagnet(shared.torrent))
    expect(await transfer.done).toMatchObject({ id: shared.torrent.id, version })
  })

  test('with a wrong byte on the disk of the only peer does not complete', async () => {
    const shared = await share(version, large)
    const last = shared.torrent.files.findLast(({ pad }) => !pad)!
    await shared.storage.write(last.offset + last.length - 1, new Uint8Array([0xee]))
    const { torrent, storage, seed } = shared
    // a seed would find it out by itself: this one says that it verified everything
    for (const seeding of seed.swarm.transfers) await seeding.stop()
    const lying = remembering(torrent, storage, everyNth(torrent, 1, 0))
    await seed.swarm.add(torrent, { storage: () => lying })
    const { transfer } = await fetchFrom(shared, torrent)
    const rejected = await new Promise<number>((resolve) => {
      transfer.addEventListener('piece:reject', ({ detail }) => {
        resolve(detail.piece)
      })
    })
    expect(rejected).toBe(shared.torrent.pieceCount - 1)
    expect(transfer.progress.state).not.toBe('seeding')
  })
})

describe('a hybrid known by a magnet', () => {
  const both = (shared: Shared) => shared.torrent
  const first = ({ torrent: { infoHash } }: Shared) => ({ infoHash })
  const second = ({ torrent: { infoHashV2 } }: Shared) => ({
    infoHash: infoHashV2!.slice(0, 20),
    infoHashV2
  })

  test.each([
    ['both versions', both, true],
    ['version 2', second, true],
    ['version 1', first, false]
  ] as const)('of %s is fetched; with version 2 comes its proof', async (_, of, layered) => {
    const shared = await share('hybrid', large)
    const { transfer, storage, node } = await fetchFrom(shared, formatMagnet(of(shared)))
    const torrent = await transfer.done
    expect((await filesIn(torrent, storage())).get('c/c.bin')).toEqual(
      shared.content.get('c/c.bin')
    )
    expect(torrent.id).toBe(shared.torrent.id)
    expect(torrent.files.some(({ pieceLayer }) => pieceLayer !== undefined)).toBe(layered)
    for (const hash of [torrent.infoHash, torrent.infoHashV2!]) {
      expect(node.swarm.get(formatId(hash))).toBe(transfer)
    }
  })

  test('is given on under both hashes by who knew one', async () => {
    const shared = await share('hybrid', large)
    const { transfer, node } = await fetchFrom(shared, formatMagnet(second(shared)))
    await transfer.done
    for (const of of [first, second]) {
      const other = await createSwarmNode()
      const again = await other.swarm.add(formatMagnet(of(shared)), {
        storage: memoryStorage,
        peers: [node.addresses()]
      })
      expect((await again.done).id).toBe(shared.torrent.id)
    }
  })

  test('and taken up twice by its two hashes is refused the second time', async () => {
    const shared = await share('hybrid', large)
    const again = shared.seed.swarm.add(formatMagnet(second(shared)), { storage: memoryStorage })
    await expect(again).rejects.toMatchObject({ name: 'TransferExistsError' })
    const { transfer, node } = await fetchFrom(shared, formatMagnet(first(shared)))
    const late = await node.swarm.add(formatMagnet(second(shared)), { storage: memoryStorage })
    await transfer.done
    expect(node.swarm.transfers).toEqual([transfer, late])
    late.connect(shared.seed.addresses())
    await expect(late.done).rejects.toMatchObject({ name: 'TransferExistsError' })
    expect(node.swarm.transfers).toEqual([transfer])
  })

  test('is looked for under each hash as it becomes known', async () => {
    const shared = await share('hybrid', large)
    const asked: string[] = []
    const node = await createSwarmNode({
      findPeers: (infoHash) => {
        asked.push(toHex(infoHash))
        return [shared.seed.addresses()]
      }
    })
    const transfer = await node.swarm.add(formatMagnet(second(shared)), { storage: memoryStorage })
    const { infoHash, infoHashV2 } = await transfer.done
    expect(asked).toEqual([toHex(infoHashV2!.slice(0, 20)), toHex(infoHash)])
  })
})

describe('version 2 known by a magnet alone', () => {
  const files = { 'd/long': 340 * 16 * kib, 'd/short': 5, a: 170 * 16 * kib - 9, z: 64 * kib }

  test('gets the hashes of its pieces from peers, then the pieces', async () => {
    const shared = await share(2, files, 16 * kib)
    const { transfer, storage } = await fetchFrom(shared, formatMagnet(shared.torrent))
    const torrent = await transfer.done
    expect(torrent).toMatchObject({ verifiable: true, files: shared.torrent.files })
    expect(await filesIn(torrent, storage())).toEqual(
      new Map([...shared.content].sort(([a], [b]) => (a < b ? -1 : 1)))
    )
  })

  test('drops a peer that lies in hashes and gets them from another', async () => {
    const shared = await share(2, files, 16 * kib)
    const node = await createSwarmNode()
    const magnet = formatMagnet(shared.torrent)
    const transfer = await node.swarm.add(magnet, { storage: memoryStorage })
    const liar = await createSwarmNode()
    const dropped = lieInHashes(await liar.open(node), shared.torrent.infoHash)
    transfer.connect(shared.seed.addresses())
    expect((await transfer.done).verifiable).toBe(true)
    expect(await dropped).toBeGreaterThan(0)
    expect(transfer.sourcesOf().map(({ peer }) => peer.toString())).toEqual([
      shared.seed.peerId.toString()
    ])
  })

  test('waits while no peer has hashes, and goes on when one comes that has', async () => {
    const shared = await share(2, files, 16 * kib)
    const without = await createSwarmNode()
    await without.swarm.seed(readInfo(shared.torrent.info) as Torrent, shared.storage)
    const node = await createSwarmNode()
    const magnet = formatMagnet(shared.torrent)
    const transfer = await node.swarm.add(magnet, {
      storage: memoryStorage,
      peers: [without.addresses()]
    })
    const watcher = await createSwarmNode()
    await hearsAsking(await watcher.open(node), shared.torrent.infoHash)
    expect(transfer.torrent).toBeUndefined()
    transfer.connect(shared.seed.addresses())
    expect((await transfer.done).verifiable).toBe(true)
  })
})

test('metadata must be right by every hash of its magnet', async () => {
  const { torrent } = await noiseTorrent(small, 64 * kib, 'hybrid')
  const { infoHash, infoHashV2, info } = torrent
  const adopt = async (hashes: { infoHash: Uint8Array; infoHashV2?: Uint8Array | undefined }) => {
    const keeper = new Keeper({ ...hashes, storage: memoryStorage })
    return (await keeper.carryOut({ type: 'adopt', info }, AbortSignal.timeout(1_000))).type
  }
  expect(await adopt({ infoHash, infoHashV2 })).toBe('adopted')
  expect(await adopt({ infoHash })).toBe('adopted')
  expect(await adopt({ infoHash: infoHashV2!.slice(0, 20), infoHashV2 })).toBe('adopted')
  expect(await adopt({ infoHash, infoHashV2: new Uint8Array(32) })).toBe('corrupt')
  expect(await adopt({ infoHash: new Uint8Array(20), infoHashV2 })).toBe('corrupt')
  expect(await adopt({ infoHash: infoHashV2!.slice(0, 20) })).toBe('corrupt')
})

test('a hybrid whose versions hash different bytes ends with that, and nobody is blamed', async () => {
  const shared = await share('hybrid', small)
  const { torrent } = shared
  const hash = new Uint8Array(20)
  const { transfer, node } = await fetchFrom(shared, { ...torrent, pieceHash: () => hash })
  await expect(transfer.done).rejects.toThrow(ContradictionError)
  const peers = [shared.seed.addresses()]
  const again = await node.swarm.add(torrent, { storage: memoryStorage, peers })
  expect(await again.done).toBe(torrent)
})
