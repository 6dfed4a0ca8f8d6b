import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Probe } from './probe.ts'
import { lieEvery, TestSwarm, type Bend } from './test-swarm.ts'

describe('a torrent core', () => {
  test('fetches every piece from three seeds and nothing twice', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    swarm.connect(leecher, ...['a', 'b', 'c'].map((key) => swarm.add(key, 'all')))
    swarm.run(() => leecher.complete)
    expect(leecher.received).toBe(swarm.torrent.length)
    const gave = new Map(leecher.core.gave)
    expect([...gave.keys()].sort()).toEqual(['a', 'b', 'c'])
    expect([...gave.values()].reduce((sum, n) => sum + n)).toBe(swarm.torrent.pieceCount)
    expect(leecher.news.filter((news) => news.type === 'complete')).toHaveLength(1)
  })

  test('parts from a peer when both have everything', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    const seed = swarm.add('seed', 'all')
    swarm.connect(leecher, seed)
    swarm.run(() => leecher.complete)
    swarm.run(() => leecher.peers.size === 0 && seed.peers.size === 0, 5_000)
  })

  test('completes another while that one completes it', () => {
    const swarm = new TestSwarm()
    const all = Array.from({ length: swarm.torrent.pieceCount }, (_, piece) => piece)
    const even = swarm.add(
      'even',
      all.filter((piece) => piece % 2 === 0)
    )
    const odd = swarm.add(
      'odd',
      all.filter((piece) => piece % 2 === 1)
    )
    swarm.connect(even, odd)
    swarm.run(() => even.complete && odd.complete)
    expect(even.received + odd.received).toBe(swarm.torrent.length)
  })

  test('goes on with the others within three seconds when a peer is killed', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    const [a, b] = ['a', 'b'].map((key) => swarm.add(key, 'all'))
    swarm.connect(leecher, a!, b!)
    swarm.run(() => leecher.progress.pieces >= 10)
    swarm.world.kill('a')
    const before = swarm.world.now
    swarm.run(() => leecher.complete)
    expect(swarm.world.now - before).toBeLessThan(3_000)
  })

  test('asks others for what a silent peer owes', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    let sent = 0
    const fallSilent: Bend = (frame) => (frame.type === 'piece' && ++sent > 20 ? undefined : frame)
    swarm.connect(leecher, swarm.add('silent', 'all', fallSilent), swarm.add('good', 'all'))
    swarm.run(() => leecher.complete)
    expect(swarm.world.now).toBeLessThan(20_000)
    expect(leecher.liars).toEqual(new Set())
  })

  test('fetches the metadata of a magnet first, and gives it on', () => {
    const swarm = new TestSwarm()
    const [first, second] = ['first', 'second'].map((key) => swarm.add(key, 'magnet'))
    expect(first!.progress).toMatchObject({ state: 'metadata', pieceCount: 0 })
    swarm.connect(first!, second!, swarm.add('seed', 'all'))
    swarm.run(() => first!.complete && second!.complete)
    expect(first!.news.filter((news) => news.type === 'metadata')).toHaveLength(1)
  })

  test('finds its way back to a peer after the link was down', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    swarm.add('seed', 'all')
    swarm.world.ask('leecher', { type: 'know', peer: 'seed' })
    swarm.run(() => leecher.progress.pieces >= 10)
    swarm.world.cut('leecher', 'seed')
    swarm.run(() => leecher.peers.size === 0)
    swarm.world.heal('leecher', 'seed')
    swarm.run(() => leecher.complete, 60_000)
  })
})

describe('a peer that lies', () => {
  test('alone about a piece is found out on the first one', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    swarm.connect(leecher, swarm.add('liar', 'all', lieEvery(1)))
    swarm.run(() => leecher.liars.has('liar'))
    expect(leecher.news.filter((news) => news.type === 'bad-piece')).toHaveLength(1)
    swarm.run(() => leecher.peers.size === 0)
    swarm.connect(leecher, swarm.add('seed', 'all'))
    swarm.run(() => leecher.complete)
  })

  test('among honest ones is found out, and no other', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const swarm = new TestSwarm({ seed, jitter: 10 })
      const leecher = swarm.add('leecher')
      const honest = ['a', 'b'].map((key) => swarm.add(key, 'all'))
      swarm.connect(leecher, swarm.add('liar', 'all', lieEvery(7)), ...honest)
      swarm.run(() => leecher.complete)
      expect(leecher.liars, `seed ${seed}`).toEqual(new Set(['liar']))
      expect(leecher.received, `seed ${seed}`).toBeLessThan(1.5 * swarm.torrent.length)
    }
  })

  test('about metadata is found out, and another is asked', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher', 'magnet')
    const bend: Bend = (frame) => {
      if (frame.type !== 'extended' || frame.id === 0) return frame
      const payload = frame.payload.slice()
      payload[payload.length - 1]! ^= 1
      return { ...frame, payload }
    }
    swarm.connect(leecher, swarm.add('liar', 'all', bend))
    swarm.run(() => leecher.liars.has('liar'))
    swarm.connect(leecher, swarm.add('seed', 'all'))
    swarm.run(() => leecher.complete)
  })
})

describe('a full disk', () => {
  test('stops the asking, not the giving, and all goes on when there is room', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    swarm.connect(leecher, swarm.add('seed', 'all'))
    swarm.run(() => leecher.progress.pieces >= 5)
    leecher.diskError = new Error('no space left')
    swarm.run(() => leecher.progress.state === 'disk-failed')
    const { pieces } = leecher.progress
    const other = swarm.add('other')
    swarm.connect(leecher, other)
    swarm.run(() => other.progress.pieces === pieces, 60_000)
    leecher.diskError = undefined
    swarm.run(() => leecher.complete, 60_000)
    expect(leecher.news.filter((news) => news.type === 'disk')).toEqual([
      { type: 'disk', error: expect.objectContaining({ message: 'no space left' }) },
      { type: 'disk', error: undefined }
    ])
  })
})

describe('which files are wanted', () => {
  test('the storage is told, and told again when its disk was full', () => {
    const swarm = new TestSwarm()
    const node = swarm.add('node')
    const choose = (...files: number[]) => swarm.world.ask('node', { type: 'prioritize', files })
    choose(0)
    swarm.run(() => node.wanted?.[0] === false)
    node.diskError = new Error('no space left')
    choose(4)
    swarm.run(() => node.news.some((news) => news.type === 'disk'))
    expect(node.wanted).toEqual([false])
    node.diskError = undefined
    swarm.run(() => node.news.some((news) => news.type === 'disk' && news.error == null), 60_000)
    expect(node.wanted).toEqual([true])
  })

  test('a choice that failed is not made after a later one', () => {
    const probe = new Probe('none')
    probe.asks({ type: 'prioritize', files: [0] })
    probe.asks({ type: 'prioritize', files: [4] })
    const [first, second] = probe.jobs
    probe.done(first!.job, { type: 'failed', error: new Error('no space left') })
    probe.done(second!.job, { type: 'wanted' })
    expect(probe.jobs.map(({ work }) => work)).toEqual([
      { type: 'want', files: [false] },
      { type: 'want', files: [true] }
    ])
  })

  test('of a magnet it is told when the torrent is known', () => {
    const swarm = new TestSwarm()
    const node = swarm.add('node', 'magnet')
    swarm.world.ask('node', { type: 'prioritize', files: [0] })
    swarm.connect(node, swarm.add('seed', 'all'))
    swarm.run(() => node.wanted?.[0] === false)
  })
})

describe('whatever happens', () => {
  test('links that fail, peers that lie and any order of events end in the exact file', () => {
    const swarmInit = fc.record({
      seed: fc.integer({ min: 0 }),
      pieces: fc.integer({ min: 1, max: 12 }),
      tail: fc.integer({ min: 1, max: 40_000 }),
      latency: fc.constantFrom(0, 30, 400),
      jitter: fc.constantFrom(0, 30)
    })
    const company = fc.record({
      leechers: fc.integer({ min: 1, max: 4 }),
      magnet: fc.boolean(),
      liar: fc.constantFrom(0, 1, 5)
    })
    const fault = fc.record({
      after: fc.nat(5_000),
      lasts: fc.nat(60_000),
      a: fc.nat(9),
      b: fc.nat(9)
    })
    fc.assert(
      fc.property(
        swarmInit,
        company,
        fc.array(fault, { maxLength: 6 }),
        (init, company, faults) => {
          const { pieces, tail, ...rest } = init
          const pieceLength = 40_000
          const swarm = new TestSwarm({
            ...rest,
            pieceLength,
            length: (pieces - 1) * pieceLength + tail
          })
          swarm.add('seed', 'all')
          if (company.liar > 0) swarm.add('liar', 'all', lieEvery(company.liar))
          const leechers = Array.from({ length: company.leechers }, (_, i) =>
            swarm.add(`leecher-${i}`, company.magnet ? 'magnet' : 'none')
          )
          const all = [...swarm.nodes.values()]
          for (const { key } of leechers) {
            for (const peer of swarm.nodes.keys()) {
              if (peer !== key) swarm.world.ask(key, { type: 'know', peer })
            }
          }
          for (const { after, lasts, a, b } of faults) {
            swarm.world.run({ until: swarm.world.now + after })
            const [near, far] = [all[a % all.length]!.key, all[b % all.length]!.key]
            if (near === far) continue
            swarm.world.cut(near, far)
            swarm.world.run({ until: swarm.world.now + lasts })
            swarm.world.heal(near, far)
          }
          swarm.run(() => leechers.every((leecher) => leecher.complete))
          for (const { charged } of leechers) {
            expect([...charged.keys()].filter((key) => key !== 'liar')).toEqual([])
          }
        }
      ),
      { numRuns: 100 }
    )
  })
})
