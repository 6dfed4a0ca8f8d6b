import { describe, expect, test } from 'vitest'
import { encodeExtendedHandshake } from '../src/codec/extended.ts'
import { limits } from '../src/limits.ts'
import { BadPeer, type Manners } from './sim/bad-peer.ts'
import { lieEvery, TestSwarm, type TestNode } from './test-swarm.ts'

const { block } = limits.wire
const { content, torrent } = new TestSwarm()

type Join = (swarm: TestSwarm) => void

/** Puts a peer into the swarm that is connected to everybody else. */
function joins(manners: Manners): Join {
  return (swarm) => {
    swarm.world.add('bad', new BadPeer(swarm.torrent.infoHash, manners))
    for (const key of swarm.nodes.keys()) swarm.world.connect(key, 'bad')
  }
}

/** A seed and three leechers, all on lines of 30 kB/s, and perhaps somebody else. */
function run(join: Join, seed: number): { took: number; leechers: TestNode[] } {
  const swarm = new TestSwarm({ seed, jitter: 10, up: 30_000 })
  const leechers = ['a', 'b', 'c'].map((key) => swarm.add(key))
  const all = [...leechers, swarm.add('seed', 'all')]
  for (const [i, node] of all.entries()) swarm.connect(node, ...all.slice(i + 1))
  join(swarm)
  swarm.run(() => leechers.every(({ complete }) => complete))
  return { took: swarm.world.now, leechers }
}

const badPieces = ({ news }: TestNode): number =>
  news.filter(({ type }) => type === 'bad-piece').length

const spoils: Join = (swarm) => {
  const others = [...swarm.nodes.values()]
  swarm.connect(swarm.add('bad', 'all', lieEvery(50)), ...others)
}

/** Right bytes, just often enough not to be given up on. */
function slowly(): Manners {
  let nextAt = 0
  return {
    asked: (say, { piece, begin, length }, now) => {
      if (now < nextAt) return
      nextAt = now + 9_000
      say({
        type: 'piece',
        piece,
        begin,
        block: content.subarray(piece * torrent.pieceLength + begin).slice(0, length)
      })
    }
  }
}

const many: [string, Join, 'dropped' | 'kept'][] = [
  ['spoils a block in fifty', spoils, 'dropped'],
  [
    'asks for more and more',
    joins({
      always: (say) => {
        for (let i = 0; i < 100; i++) say({ type: 'request', piece: 0, begin: 0, length: block })
      }
    }),
    'dropped'
  ],
  [
    'sends what nobody has asked for',
    joins({
      always: (say) => {
        say({ type: 'piece', piece: 1, begin: 0, block: new Uint8Array(block) })
      }
    }),
    'dropped'
  ],
  [
    'introduces itself again and again',
    joins({
      always: (say) => {
        const payload = encodeExtendedHandshake({ requestQueue: 100 })
        for (let i = 0; i < 500; i++) say({ type: 'extended', id: 0, payload })
      }
    }),
    'dropped'
  ],
  ['says it has everything, and sends nothing', joins({}), 'kept'],
  [
    'says it has everything, and rejects every request',
    joins({
      asked: (say, request) => {
        say({ ...request, type: 'reject' })
      }
    }),
    'kept'
  ],
  ['says it has everything, and sends a block every nine seconds', joins(slowly()), 'kept']
]

describe('beside a peer that', () => {
  test.each(many)('%s, all is here within 1.3 times the time', (_, join, fate) => {
    for (const seed of [1, 2]) {
      const clean = run(() => {}, seed).took
      const { took, leechers } = run(join, seed)
      expect(took / clean, `seed ${seed}`).toBeLessThanOrEqual(1.3)
      const charged = leechers.flatMap((leecher) => [...leecher.charged.keys()])
      expect(new Set(charged), `seed ${seed}`).toEqual(new Set(fate === 'dropped' ? ['bad'] : []))
      for (const leecher of leechers) {
        expect(badPieces(leecher), `seed ${seed}`).toBeLessThanOrEqual(2)
        expect(leecher.charged.has('bad') && leecher.peers.has('bad'), `seed ${seed}`).toBe(false)
      }
    }
  })
})
