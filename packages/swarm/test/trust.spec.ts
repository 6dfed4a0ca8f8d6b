import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lieEvery, TestSwarm, type TestNode } from './test-swarm.ts'

const badPieces = ({ news }: TestNode): number =>
  news.filter(({ type }) => type === 'bad-piece').length

describe('of peers that give together', () => {
  test('one that spoils a block in fifty is named by its second bad piece', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const swarm = new TestSwarm({ seed, jitter: 10 })
      const leecher = swarm.add('leecher')
      const honest = ['a', 'b'].map((key) => swarm.add(key, 'all'))
      swarm.connect(leecher, swarm.add('liar', 'all', lieEvery(50)), ...honest)
      swarm.run(() => leecher.complete)
      // it may have given too little to spoil any
      expect(badPieces(leecher), `seed ${seed}`).toBeLessThanOrEqual(2)
      const charged = badPieces(leecher) > 0 ? ['liar'] : []
      expect([...leecher.charged.keys()], `seed ${seed}`).toEqual(charged)
    }
  })

  test('those that are honest are charged with nothing, however many lie beside them', () => {
    const swarmInit = fc.record({
      seed: fc.integer({ min: 0 }),
      latency: fc.constantFrom(5, 30, 200),
      jitter: fc.constantFrom(0, 30),
      pieceLength: fc.constantFrom(20_000, 65_536, 200_000),
      length: fc.integer({ min: 1, max: 1_000_000 })
    })
    const lies = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(swarmInit, fc.integer({ min: 1, max: 3 }), lies, (init, seeds, liars) => {
        const swarm = new TestSwarm(init)
        const leechers = ['x', 'y'].map((key) => swarm.add(key))
        for (let i = 0; i < seeds; i++) swarm.add(`honest-${i}`, 'all')
        for (const [i, n] of liars.entries()) swarm.add(`liar-${i}`, 'all', lieEvery(n))
        const others = [...swarm.nodes.values()]
        for (const leecher of leechers) {
          swarm.connect(leecher, ...others.filter(({ key }) => key !== 'x' && key !== leecher.key))
        }
        swarm.run(() => leechers.every(({ complete }) => complete))
        for (const { charged } of leechers) {
          expect([...charged.keys()].filter((key) => !key.startsWith('liar'))).toEqual([])
        }
      }),
      { numRuns: 40 }
    )
  })
})
