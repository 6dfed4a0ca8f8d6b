import { manualClock } from '@peerage/testbed'
import type { Logger } from '@libp2p/interface'
import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import { describe, expect, test } from 'vitest'
import { encodeRecords } from '../src/codec/kept-records.ts'
import { limits, slotsAndQueue, type Torrent } from '../src/index.ts'
import { Kept, type KeptInit } from '../src/kept/kept.ts'
import { createLiar, createSwarmNode, filled, makeTorrent, type SwarmNode } from './nodes.ts'

const key = '/test/1'
const isWord = (value: unknown): value is string => typeof value === 'string'

/** Words that are kept, and what came of it. */
function keeping(init: Partial<KeptInit<string>> = {}) {
  const clock = manualClock()
  const datastore = new MemoryDatastore()
  const lines: string[] = []
  const log = Object.assign((line: string) => lines.push(line), {
    error: (line: string) => lines.push(line)
  }) as unknown as Logger
  const taken: { words: readonly string[]; elapsed: number }[] = []
  let puts = 0
  const put = datastore.put.bind(datastore)
  datastore.put = (...args) => {
    puts++
    return put(...args)
  }
  const kept = new Kept<string>({
    datastore,
    key,
    clock,
    log,
    wallClock: () => 1_000,
    most: 3,
    isRecord: isWord,
    export: () => ['a', 'b'],
    import: (words, elapsed) => {
      taken.push({ words, elapsed })
    },
    ...init
  })
  const holds = (bytes: Uint8Array) => datastore.put(new Key(key), bytes)
  return { clock, datastore, lines, taken, kept, holds, puts: () => puts }
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('what is kept of peers', () => {
  test('is written once for many changes, and at the end what is new', async () => {
    const { kept, clock, puts } = keeping()
    for (let i = 0; i < 100; i++) kept.changed()
    await clock.advance(limits.kept.delay - 1)
    expect(puts()).toBe(0)
    await clock.advance(1)
    await kept.flush()
    expect(puts()).toBe(1)
    await kept.flush()
    expect(puts()).toBe(1)
    kept.changed()
    await kept.flush()
    expect(puts()).toBe(2)
    await clock.advance(limits.kept.delay)
    expect(puts()).toBe(2)
  })

  test('comes back with the time that has passed', async () => {
    const { kept, datastore } = keeping()
    kept.changed()
    await kept.flush()
    const later = keeping({ datastore, wallClock: () => 8_000 })
    await later.kept.load()
    expect(later.taken).toEqual([{ words: ['a', 'b'], elapsed: 7_000 }])
  })

  test('is no younger for a clock that was set back', async () => {
    const { kept, holds, taken } = keeping()
    await holds(encodeRecords({ at: 5_000, records: ['a'] }))
    await kept.load()
    expect(taken).toEqual([{ words: ['a'], elapsed: 0 }])
  })

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['half of it', encodeRecords({ at: 1, records: ['a'] }).subarray(0, 9)],
    ['bytes of another program', Uint8Array.of(0xff, 0xfe, 0, 1)],
    ['another value', ascii('null')],
    ['no time', ascii('{"records":["a"]}')],
    ['no list', ascii('{"at":1,"records":{}}')],
    ['too much', ascii(' '.repeat(limits.kept.bytes) + '{"at":1,"records":[]}')]
  ])('is ignored with one line in the log when there is %s', async (_, bytes) => {
    const { kept, holds, taken, lines } = keeping()
    await holds(bytes)
    await kept.load()
    expect([taken.length, lines.length]).toEqual([0, 1])
  })

  test('is taken as far as its bounds go: so many records, so many bytes', async () => {
    const { kept, holds, taken } = keeping()
    const bytes = encodeRecords({ at: 1_000, records: ['a', 7, 'c', 'beyond'] })
    await holds(bytes)
    await kept.load()
    const padded = new Uint8Array(limits.kept.bytes).fill(0x20)
    padded.set(bytes)
    await holds(padded)
    await kept.load()
    expect(taken.map(({ words }) => words)).toEqual([
      ['a', 'c'],
      ['a', 'c']
    ])
  })

  test('is lost, and no more than that, with a datastore that fails', async () => {
    const { kept, datastore, taken, lines } = keeping()
    datastore.has = () => {
      throw new Error('the disk is gone')
    }
    datastore.put = async () => {
      throw new Error('the disk is gone')
    }
    await kept.load()
    kept.changed()
    await kept.flush()
    expect([taken.length, lines.length]).toEqual([0, 2])
  })
})

/** Whether a node answers when the other asks for a torrent. */
async function answers(node: SwarmNode, to: SwarmNode, { infoHash }: Torrent): Promise<boolean> {
  try {
    const channel = await to.open(node)
    const peerId = new Uint8Array(20)
    await channel.send({ type: 'handshake', infoHash, peerId, reserved: new Uint8Array(8) })
    return (await channel.receive()) != null
  } catch {
    return false
  }
}

describe('a node that comes back with its datastore', () => {
  test('refuses whom it had banned, and nobody else', async () => {
    const { torrent, content } = await makeTorrent()
    const [liar, honest] = [await createLiar(torrent, content), await createSwarmNode()]
    await honest.swarm.seed(torrent, await filled(torrent, content))
    const datastore = new MemoryDatastore()
    const first = await createSwarmNode({ datastore })
    const storage = await filled(torrent, content, [])
    const transfer = await first.swarm.add(torrent, { storage: () => storage })
    const rejected = new Promise((resolve) => {
      transfer.addEventListener('piece:reject', resolve)
    })
    transfer.connect(liar.addresses())
    await rejected
    await first.stop()
    const second = await createSwarmNode({ datastore })
    await second.swarm.seed(torrent, storage)
    expect(await answers(second, liar, torrent)).toBe(false)
    expect(await answers(second, honest, torrent)).toBe(true)
    const elsewhere = await createSwarmNode()
    await elsewhere.swarm.seed(torrent, storage)
    expect(await answers(elsewhere, liar, torrent)).toBe(true)
  })

  test('knows who has earned what', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await createSwarmNode()
    await seed.swarm.seed(torrent, await filled(torrent, content))
    const datastore = new MemoryDatastore()
    const first = await createSwarmNode({ datastore, uploads: slotsAndQueue() })
    const storage = await filled(torrent, content, [])
    const peers = [seed.addresses()]
    const transfer = await first.swarm.add(torrent, { storage: () => storage, peers })
    await transfer.done
    await first.stop()
    const uploads = slotsAndQueue()
    await createSwarmNode({ datastore, uploads })
    expect(uploads.credit.export()).toEqual([
      { peer: seed.peerId.toString(), got: torrent.length, given: 0 }
    ])
  })
})
