import { multiaddr } from '@multiformats/multiaddr'
import { pEvent } from 'p-event'
import { describe, expect, it } from 'vitest'
import { sealHits } from '../src/hit-envelope.ts'
import { all, catalogOf, floodNode, floodNodes, has, link, puppet, until } from './flood-nodes.ts'
import { song } from './solo.ts'

describe('in a line of five real nodes', () => {
  it('what the last one shares is found four hops away', async () => {
    const nodes = await floodNodes(5)
    for (const [i, node] of nodes.slice(1).entries()) await link(nodes[i]!, node)
    const [first, second, , , last] = nodes
    const run = first!.services.search.search('BLUE train', { limit: 1 })
    const [hit] = await all(run)
    expect(hit).toMatchObject({ item: song, hops: 4 })
    expect(hit!.peer.equals(last!.peerId)).toBe(true)
    expect(hit!.via.equals(second!.peerId)).toBe(true)
    expect(hit!.addresses.map(String)).toEqual(last!.getMultiaddrs().map(String))
    expect(await run.ended).toEqual({
      reason: 'limit',
      sent: 1,
      hits: 1,
      responders: 1,
      rejected: 0
    })

    const shorter = first!.services.search.search('blue train', { ttl: 2, timeout: 300 })
    expect(await all(shorter)).toEqual([])
    expect(await shorter.ended).toMatchObject({ reason: 'timeout' })
  })
})

describe('in a ring of six real nodes', () => {
  it('each passes a query on once, and its path can be watched', async () => {
    const nodes = await floodNodes(6)
    const path: string[] = []
    for (const [i, node] of nodes.entries()) {
      const { search } = node.services
      search.addEventListener('query:seen', ({ detail }) => path.push(`${i} saw at ${detail.hops}`))
      search.addEventListener('query:forwarded', ({ detail }) =>
        path.push(`${i} told ${detail.to.length}`)
      )
      search.addEventListener('query:answered', () => path.push(`${i} answered`))
      search.addEventListener('hit:routed', ({ detail }) => path.push(`${i} routed ${detail.hops}`))
      await link(node, nodes[(i + 1) % 6]!)
    }
    const run = nodes[0]!.services.search.search('train', { limit: 1 })
    expect(await all(run)).toMatchObject([{ hops: 1 }])
    const told = path.filter((step) => step.includes('told')).map((step) => step[0])
    expect(new Set(told).size).toBe(told.length)
    expect(path).toContain('5 answered')
  })
})

describe('a hit', () => {
  it('that is forged is rejected by whoever asked', async () => {
    const [asker, liar, victim] = await Promise.all([floodNode(), puppet(), puppet()])
    await liar.greet(asker)
    const run = asker.services.search.search('blue train', { limit: 1 })
    const { id } = await liar.hear('query')
    const record = {
      queryId: id,
      responder: victim.peerId.toMultihash().bytes,
      items: [song],
      addresses: [],
      time: Date.now()
    }
    const send = async (change: Partial<typeof record>): Promise<void> => {
      const envelope = await sealHits({ ...record, ...change }, liar.key)
      await liar.say({ type: 'hits', queryId: id, hops: 3, envelope })
    }
    const own = { responder: liar.peerId.toMultihash().bytes }
    await send({})
    await send({ ...own, queryId: new Uint8Array(16) })
    await send({ ...own, time: Date.now() - 11 * 60_000 })
    await liar.say({ type: 'hits', queryId: id, hops: 0, envelope: new Uint8Array(99) })
    // the one good hit ends the search, so the others were judged before it
    await send(own)
    const [hit] = await all(run)
    expect(hit!.peer.equals(liar.peerId)).toBe(true)
    expect(await run.ended).toMatchObject({ reason: 'limit', hits: 1, rejected: 4 })
  })

  it('for a query nobody sent is scored, and six of them cost the link', async () => {
    const [node, stranger] = await Promise.all([floodNode(), puppet()])
    await stranger.greet(node)
    const isGone = until(node, () => !has(node, stranger))
    const hits = { type: 'hits', hops: 0, envelope: new Uint8Array(99) } as const
    for (let i = 0; i < 6; i++) await stranger.say({ ...hits, queryId: new Uint8Array(16).fill(i) })
    await isGone
    expect(node.services.search.counts.strayHits).toBe(6)
  })
})

describe('a search', () => {
  it('takes a query with filters', async () => {
    const [asker, sharer] = await Promise.all([
      floodNode(),
      floodNode({
        catalog: catalogOf(
          song,
          { ...song, id: 'b2', size: 900 },
          { ...song, id: 'c3', type: 'video' }
        )
      })
    ])
    await link(asker, sharer)
    const sought = { words: 'train', type: 'audio', minSize: 8, maxSize: 900, limit: 1 } as const
    const hits = await all(asker.services.search.search(sought))
    expect(hits.map(({ item }) => item.id)).toEqual(['b2'])
  })

  it('asks a match function, and survives one that throws', async () => {
    const match = (): never => {
      throw new Error('no index today')
    }
    const [asker, broken, good] = await Promise.all([
      floodNode(),
      floodNode({ match }),
      floodNode({ match: ({ words }) => [{ ...song, name: `about ${words}` }] })
    ])
    await link(asker, broken)
    await link(asker, good)
    const hits = await all(asker.services.search.search('anything', { limit: 1 }))
    expect(hits.map(({ item }) => item.name)).toEqual(['about anything'])
  })

  it('without neighbours ends at once and says so', async () => {
    const node = await floodNode()
    const run = node.services.search.search('train')
    expect(await all(run)).toEqual([])
    expect(await run.ended).toMatchObject({ reason: 'no neighbours', sent: 0 })
  })

  it('ends when its signal does, when its loop is left and when its node stops', async () => {
    const [asker, sharer] = await floodNodes(2)
    await link(asker!, sharer!)
    const { search } = asker!.services
    const aborter = new AbortController()
    const aborted = search.search('nothing', { signal: aborter.signal })
    aborter.abort()
    expect(await all(aborted)).toEqual([])
    expect(await aborted.ended).toMatchObject({ reason: 'cancelled' })
    expect(await search.search('x', { signal: aborter.signal }).ended).toMatchObject({
      reason: 'cancelled'
    })

    const left = search.search('train')
    for await (const _ of left) break
    expect(await left.ended).toMatchObject({ reason: 'cancelled', hits: 1 })

    const open = search.search('nothing')
    await asker!.stop()
    expect(await all(open)).toEqual([])
  })

  it('refuses what cannot be sent, before it sends anything', async () => {
    const { search } = (await floodNode()).services
    expect(() => search.search('x'.repeat(257))).toThrow('the query is longer than 256 bytes')
    expect(() => search.search('a\u0000b')).toThrow('control characters')
    expect(() => search.search('a', { ttl: 8 })).toThrow('ttl is 8')
    expect(() => search.search('a', { limit: 0 })).toThrow('limit is 0')
    expect(() => search.search({ words: 'a', minSize: 0.5 })).toThrow('minSize is 0.5')
  })
})

describe('joining', () => {
  it('says of each address what came of it', async () => {
    const node = await floodNode()
    const dead = multiaddr('/memory/nobody-listens-here')
    const joining = node.services.search.join([dead])
    await expect(joining).rejects.toMatchObject({
      name: 'JoinError',
      attempts: [{ target: dead.toString(), error: expect.any(Error) }]
    })
    await expect(node.services.search.join([])).rejects.toThrow('there was no address to join by')
  })

  it('by way of a full node leads to one that it names', async () => {
    const roomy = await floodNode()
    const guest = await puppet()
    await guest.greet(roomy)
    let { record } = await guest.hear('hello')
    // a node says hello again once its addresses are signed
    while (record == null) ({ record } = await guest.hear('hello'))

    const full = await puppet([record])
    const node = await floodNode({ neighbours: { min: 1 } })
    await node.services.search.join(full.node.getMultiaddrs())
    expect(has(node, roomy)).toBe(true)
  })

  it('is refused by a node that has no room itself', async () => {
    const [a, b, c] = await floodNodes(3, { neighbours: { min: 0, max: 1 } })
    await link(a!, b!)
    const joining = a!.services.search.join(c!.getMultiaddrs())
    await expect(joining).rejects.toThrow('raise neighbours.max')
  })

  it('a node that does not search says so', async () => {
    const [node, mute] = await Promise.all([floodNode(), puppet()])
    await mute.node.services.endpoint.stop()
    await expect(node.services.search.join(mute.node.getMultiaddrs())).rejects.toMatchObject({
      name: 'JoinError'
    })
  })

  it('can be given up', async () => {
    const [node, mute] = await Promise.all([floodNode(), puppet()])
    const joining = node.services.search.join(mute.node.getMultiaddrs(), {
      signal: AbortSignal.abort()
    })
    await expect(joining).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('neighbours', () => {
  it('are found among connected peers that speak the protocol', async () => {
    const [a, b] = await floodNodes(2)
    const isKnown = until(a!, () => has(a!, b!))
    await b!.dial(a!.getMultiaddrs())
    await isKnown
    expect(has(a!, b!)).toBe(true)
  })

  it('are kept alive while they are neighbours, and let go with a reason', async () => {
    const [a, b] = await floodNodes(2)
    await link(a!, b!)
    const tags = async (): Promise<string[]> => [...(await a!.peerStore.get(b!.peerId)).tags.keys()]
    expect(await tags()).toContain('keep-alive-peerage-flood')
    const gone = pEvent<'neighbour:remove', CustomEvent<{ reason: string }>>(
      a!.services.search,
      'neighbour:remove'
    )
    await b!.stop()
    expect((await gone).detail.reason).toBe('leaving')
    await a!.stop()
    expect(await tags()).not.toContain('keep-alive-peerage-flood')
  })

  it('come back after the node was stopped and started', async () => {
    const [a, b] = await floodNodes(2)
    await link(a!, b!)
    const isGone = until(b!, () => !has(b!, a!))
    await a!.stop()
    await isGone
    expect(() => a!.services.search.search('train')).toThrow('start the node first')
    await a!.start()
    await a!.services.search.join(b!.getMultiaddrs())
    expect(await all(a!.services.search.search('train', { limit: 1 }))).toHaveLength(1)
  })
})
