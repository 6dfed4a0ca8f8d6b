// Shows: uploads as Kazaa had them: one slot, a queue that tells everybody their place, and credit.
// Run:   npx -c 'node --conditions=@peerage/source examples/upload-queue/index.ts'
import { memoryStorage, slotsAndQueue, swarm, torrentOf, type Torrent } from '@peerage/swarm'
import { createNode } from '@peerage/transport'

const start = (init = {}) =>
  createNode({
    profile: 'lan',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mdns: false,
    services: { swarm: swarm(init) }
  })

// the library serves one peer at a time, and not very fast; the others wait in its queue
const uploads = slotsAndQueue({ slots: 1 })
const library = await start({ uploads, rateLimits: { up: 1_000_000 } })
const [ann, ben, cleo] = [await start(), await start(), await start()]

const names = new Map([ann, ben, cleo].map((node, i) => [node, ['Ann', 'Ben', 'Cleo'][i]!]))
type Reader = typeof ann

const fetch = async (node: Reader, torrent: Torrent) => {
  const { swarm: theirs } = node.services
  return theirs.add(torrent, { storage: memoryStorage, peers: library.getMultiaddrs() })
}

/** Resolves when the library has told a reader where it stands. */
const queue = async (node: Reader, torrent: Torrent) => {
  const transfer = await fetch(node, torrent)
  await new Promise<void>((resolve) => {
    transfer.addEventListener('queue:place', ({ detail: { position, length } }) => {
      console.log(`${names.get(node)} waits: number ${position} of ${length}`)
      resolve()
    })
  })
  return transfer
}

try {
  // Ann once gave the library a recording: that is in its book under her key, which she cannot fake
  const gift = await torrentOf('gift.ogg', new Uint8Array(15_000_000).fill(1))
  await ann.services.swarm.seed(gift.torrent, gift.storage)
  const received = await library.services.swarm.add(gift.torrent, {
    storage: memoryStorage,
    peers: ann.getMultiaddrs()
  })
  await received.done
  const factor = (node: Reader) => uploads.credit.factor(node.peerId.toString()).toFixed(1)
  console.log(`a second of Ann's waiting counts as ${factor(ann)}, of Cleo's as ${factor(cleo)}`)

  const film = await torrentOf('film.mkv', new Uint8Array(7_000_000).fill(2))
  const clip = await torrentOf('clip.mkv', new Uint8Array(1_000_000).fill(3))
  for (const { torrent, storage } of [film, clip]) {
    await library.services.swarm.seed(torrent, storage)
  }

  // Ben comes first and is served; Cleo and Ann wait, though for another torrent, and Ann came last
  const first = await fetch(ben, film.torrent)
  await new Promise<void>((resolve) => {
    first.addEventListener('piece:verify', () => resolve(), { once: true })
  })
  console.log('Ben is served')
  const second = await queue(cleo, clip.torrent)
  const third = await queue(ann, clip.torrent)

  const finished: string[] = []
  const finish = async (name: string, { done }: typeof first) => {
    await done
    finished.push(name)
  }
  await Promise.all([finish('Ben', first), finish('Cleo', second), finish('Ann', third)])
  console.log(`they are done in this order: ${finished.join(', ')}`)
} finally {
  await Promise.all([library, ann, ben, cleo].map(async (node) => node.stop()))
}
