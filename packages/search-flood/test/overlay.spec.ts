import { line, regular, ring, seededRandom, type Edge } from '@peerage/testbed'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Overlay, only, type Told } from './overlay.ts'

/** keeps a topology as it was drawn */
const asDrawn = { minNeighbours: 0, maxNeighbours: 32 }

/** hops from host 0 to each host that can be reached */
function distances(edges: Edge[]): Map<number, number> {
  const found = new Map([[0, 0]])
  for (const [from, hops] of found) {
    for (const [a, b] of edges) {
      const next = a === from ? b : b === from ? a : from
      if (!found.has(next)) found.set(next, hops + 1)
    }
  }
  return found
}

function sharersFound(told: Told[]): Array<[string, number]> {
  return only(told, 'hit').map(({ hit }) => [hit.responder, hit.hops])
}

describe('in a simulated line of nine', () => {
  const overlay = (): Overlay =>
    new Overlay({ limits: asDrawn, sharers: ['7', '8'] }).build(9, line(9))

  it('a search with TTL 7 finds what is seven hops away and not what is eight', () => {
    expect(sharersFound(overlay().search('0'))).toEqual([['7', 7]])
  })

  it('a search with TTL 6 finds neither', () => {
    const told = overlay().search('0', 6)
    expect(sharersFound(told)).toEqual([])
    expect(only(told, 'query-seen')).toHaveLength(6)
    expect(only(told, 'end')).toMatchObject([{ end: { reason: 'timeout', sent: 1 } }])
  })

  it('a hit is passed back by each node in between, once', () => {
    const routed = only(overlay().search('0'), 'hit-routed')
    expect(routed.map(({ host, hops }) => [host, hops])).toEqual([
      ['6', 1],
      ['5', 2],
      ['4', 3],
      ['3', 4],
      ['2', 5],
      ['1', 6]
    ])
  })

  it('a hit whose way back breaks is dropped there', () => {
    const network = overlay()
    const query = { words: 'blue train', limit: 50 }
    network.world.ask('0', { type: 'search', run: 1, query, ttl: 7, limit: 9, timeout: 8_000 })
    const isAnswered = (): boolean => only(network.told, 'query-answered').length > 0
    expect(network.world.run({ until: isAnswered, within: 8_000 })).toBe(true)
    network.world.kill('3')
    network.world.run({ until: network.world.now + 9_000 })
    expect(only(network.told, 'hit')).toEqual([])
    expect(network.core('4').counts.hitsLost).toBe(1)
  })
})

describe('in a simulated ring of eight', () => {
  it('each node passes a query on once and nobody sees it twice', () => {
    const overlay = new Overlay({ limits: asDrawn, sharers: ['4'] }).build(8, ring(8))
    const told = overlay.search('0')
    const forwarders = only(told, 'query-forwarded').map(({ host }) => host)
    expect(new Set(forwarders).size).toBe(forwarders.length)
    expect(only(told, 'query-seen')).toHaveLength(7)
    // what arrives from both sides is one hit
    expect(sharersFound(told)).toEqual([['4', 4]])
  })
})

describe('in any simulated network', () => {
  it('a query visits exactly the nodes within its TTL, and leaves none of them twice', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 7 }), (seed, ttl) => {
        const edges = [...regular(40, 3, seededRandom(seed))]
        const sharers = Array.from({ length: 40 }, (_, i) => `${i}`)
        const overlay = new Overlay({ seed, limits: asDrawn, sharers, jitter: 0 })
        const told = overlay.build(40, edges).search('0', ttl)

        const within = [...distances(edges)].filter(([, hops]) => hops > 0 && hops <= ttl)
        const seen = only(told, 'query-seen').map(({ host }) => host)
        expect(seen.toSorted()).toEqual(within.map(([host]) => `${host}`).toSorted())

        const sent = only(told, 'query-forwarded').flatMap(({ host, to }) =>
          to.map((peer) => `${host}→${peer}`)
        )
        expect(new Set(sent).size).toBe(sent.length)
        const found = sharersFound(told).map(([host, hops]) => `${host} at ${hops}`)
        expect(found.toSorted()).toEqual(
          within.map(([host, hops]) => `${host} at ${hops}`).toSorted()
        )
      }),
      { numRuns: 25 }
    )
  })

  it('nothing loops and nobody breaks a rule while links and nodes come and go', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const overlay = new Overlay({ seed, loss: 0.05, sharers: ['3', '5', '7'] })
        overlay.build(20, ring(20))
        const { world } = overlay
        for (let round = 0; round < 30; round++) {
          const host = `${world.random.below(20)}`
          if (round === 15) world.kill('19')
          else if (host !== '19') {
            const query = { words: 'blue train', limit: 50 }
            world.ask(host, { type: 'search', run: round, query, ttl: 7, limit: 9, timeout: 900 })
          }
          world.run({ until: world.now + 500 })
        }
        expect(only(overlay.told, 'hit').length).toBeGreaterThan(0)
        // honest nodes do not score each other
        const counts = ['0', '5', '10'].map((host) => overlay.core(host).counts)
        expect(counts.map(({ strayHits, overRate }) => [strayHits, overRate])).toEqual([
          [0, 0],
          [0, 0],
          [0, 0]
        ])
      }),
      { numRuns: 10 }
    )
  })

  it('the same seed gives the same run', () => {
    const digest = (seed: number): string => {
      const overlay = new Overlay({ seed, sharers: ['9'] }).build(20, ring(20))
      overlay.search('0')
      return overlay.world.digest
    }
    expect(digest(7)).toBe(digest(7))
    expect(digest(7)).not.toBe(digest(8))
  })
})

describe('a simulated network that grows', () => {
  it('gives everyone enough neighbours, though all joined by the same node', () => {
    const overlay = new Overlay({ limits: { minNeighbours: 3, maxNeighbours: 6 } })
    overlay.add('0')
    for (let i = 1; i < 40; i++) {
      overlay.add(`${i}`)
      overlay.world.ask(`${i}`, { type: 'join', peer: '0' })
      overlay.world.run({ until: overlay.world.now + 2_000 })
    }
    overlay.world.run({ until: overlay.world.now + 120_000 })
    const degrees = Array.from({ length: 40 }, (_, i) => overlay.core(`${i}`).neighbours.length)
    expect(Math.min(...degrees)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...degrees)).toBeLessThanOrEqual(6)
    expect(only(overlay.search('39'), 'query-seen').length).toBe(39)
  })

  it('closes the gap when a third of its nodes vanish', () => {
    const overlay = new Overlay({ sharers: ['29'] })
    overlay.build(30, regular(30, 4, seededRandom(5)))
    overlay.world.run({ until: 60_000 })
    for (let i = 1; i <= 10; i++) overlay.world.kill(`${i}`)
    overlay.world.run({ until: overlay.world.now + 60_000 })
    expect(sharersFound(overlay.search('0'))).toMatchObject([['29', expect.any(Number)]])
  })
})
