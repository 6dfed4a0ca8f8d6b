import { describe, expect, it } from 'vitest'
import { limits } from '../src/limits.ts'
import { query, Solo } from './solo.ts'

const record = (peer: string): Uint8Array => new TextEncoder().encode(peer)
const few = { minNeighbours: 2, maxNeighbours: 3 }

function dialled(node: Solo): string[] {
  return node.effects.flatMap((effect) => (effect.type === 'dial' ? [effect.peer] : []))
}

function dropped(node: Solo): string[] {
  return node.effects.flatMap((effect) => (effect.type === 'drop' ? [effect.peer] : []))
}

describe('a channel', () => {
  it('makes a neighbour once the peer has said hello', () => {
    const node = new Solo({ limits: few }).up('a')
    expect(node.sent).toEqual([['a', { type: 'hello', degree: 0, record: undefined, others: [] }]])
    expect(node.core.neighbours).toEqual([])
    node.frame('a', { type: 'hello', degree: 1, others: [] })
    expect(node.news).toEqual([{ type: 'neighbour-up', peer: 'a' }])
    expect(node.core.neighbours).toEqual(['a'])
  })

  it('without a hello in ten seconds is closed', () => {
    const node = new Solo().up('a').sleep()
    expect(node.now).toBe(limits.helloTimeout)
    expect(dropped(node)).toEqual(['a'])
    expect(node.news).toMatchObject([{ type: 'refused', by: 'us', reason: 'no hello' }])
  })

  it('that begins with anything but hello is an offence', () => {
    const node = new Solo().up('a').frame('a', query(1))
    expect(node.scored).toEqual([['a', 'its first frame is a query, not a hello']])
  })

  it('to a full node gets a goodbye that names others', () => {
    const node = new Solo({ limits: few }).neighbours('a', 'b', 'c').up('d')
    const others = ['a', 'b', 'c'].map(record)
    expect(node.sent).toEqual([['d', { type: 'bye', reason: 'full', others }]])
    expect(dropped(node)).toEqual(['d'])
    // what was under way already
    expect(node.frame('d', { type: 'hello', degree: 0, others: [] }).effects).toEqual([])
  })

  it('to itself is closed', () => {
    expect(dropped(new Solo().up('me'))).toEqual(['me'])
  })
})

describe('a neighbour’s own record', () => {
  it.each([
    { type: 'failed', reason: 'no signature' } as const,
    { type: 'met', peer: 'somebody else' } as const
  ])('that does not hold is an offence and is not passed on', (result) => {
    const node = new Solo().up('a')
    node.frame('a', { type: 'hello', degree: 0, record: record('a'), others: [] }).done(result)
    expect(node.scored).toEqual([['a', 'its own peer record is not its own']])
    expect(node.up('b').sent).toMatchObject([['b', { type: 'hello', others: [] }]])
  })
})

describe('a node short of neighbours', () => {
  it('asks those it has for others, once a minute', () => {
    const node = new Solo({ limits: { ...few, pingAfter: 1e9 } }).up('a')
    node.frame('a', { type: 'hello', degree: 1, others: [] })
    expect(node.sent).toEqual([['a', { type: 'ping', want: limits.maxOthers }]])
    const asked: number[] = []
    while (node.now < 150_000) if (node.sleep().sent.length > 0) asked.push(node.now)
    expect(asked).toEqual([60_000, 120_000])
  })

  it('checks the records it is given, and dials whom they name', () => {
    const node = new Solo({ limits: few }).neighbours('a')
    node.frame('a', { type: 'pong', others: [record('x')] })
    expect(node.work).toEqual([{ type: 'meet', record: record('x') }])
    expect(dialled(node.done({ type: 'met', peer: 'x' }))).toEqual(['x'])
  })

  it('scores a record that does not verify', () => {
    const node = new Solo({ limits: few }).neighbours('a')
    node.frame('a', { type: 'pong', others: [record('x')] })
    expect(node.done({ type: 'failed', reason: 'forged' }).scored).toEqual([['a', 'forged']])
  })

  it('checks 20 records of one neighbour and no more', () => {
    const node = new Solo({ limits: few }).neighbours('a')
    const others = Array.from({ length: 10 }, (_, i) => record(`x${i}`))
    const checked = [1, 2, 3].map(() => node.frame('a', { type: 'pong', others }).work.length)
    expect(checked).toEqual([10, 10, 0])
  })

  it('takes up the names in a refusal', () => {
    const node = new Solo({ limits: few }).up('a')
    node.frame('a', { type: 'bye', reason: 'full', others: [record('x')] })
    expect(node.news).toEqual([{ type: 'refused', peer: 'a', by: 'them', reason: 'full' }])
    expect(dialled(node.done({ type: 'met', peer: 'x' }))).toEqual(['x'])
  })

  it('leaves one it could not reach alone for ten minutes', () => {
    const node = new Solo({ limits: few }).ask({ type: 'candidate', peer: 'x', isOurs: true })
    expect(dialled(node)).toEqual(['x'])
    node.give({ type: 'down', peer: 'x', error: new Error('no route') })
    const tried: number[] = []
    while (node.now < limits.redialAfter + limits.fillEvery) {
      if (dialled(node.sleep()).length > 0) tried.push(node.now)
    }
    expect(tried).toEqual([limits.redialAfter])
  })

  it('dials no more than four at once', () => {
    const node = new Solo({ limits: { minNeighbours: 9 } })
    for (let i = 0; i < 20; i++) node.ask({ type: 'candidate', peer: `a${i}`, isOurs: false })
    expect(dialled(node.sleep())).toHaveLength(limits.dialsAtOnce)
  })

  it('is quiet when it has enough', () => {
    const node = new Solo({ limits: few }).neighbours('a', 'b')
    node.frame('a', { type: 'pong', others: [record('x')] })
    expect(node.work).toEqual([])
  })
})

describe('a connected peer that speaks the protocol', () => {
  it('is dialled by the side that connected, while there is room', () => {
    const candidate = { type: 'candidate', peer: 'z' } as const
    expect(dialled(new Solo().ask({ ...candidate, isOurs: true }))).toEqual(['z'])
    expect(dialled(new Solo().ask({ ...candidate, isOurs: false }))).toEqual([])
    const full = new Solo({ limits: few }).neighbours('a', 'b', 'c')
    expect(dialled(full.ask({ ...candidate, isOurs: true }))).toEqual([])
  })

  it('is dialled by the other side as well when nothing comes', () => {
    const node = new Solo().ask({ type: 'candidate', peer: 'a', isOurs: false })
    expect(dialled(node.sleep())).toEqual(['a'])
    expect(node.now).toBe(limits.fillEvery)
  })

  it('is left alone when it has just refused', () => {
    const node = new Solo({ limits: few }).up('z')
    node.frame('z', { type: 'bye', reason: 'full', others: [] })
    expect(dialled(node.ask({ type: 'candidate', peer: 'z', isOurs: true }))).toEqual([])
  })
})

describe('a silent neighbour', () => {
  it('is pinged three times and then dropped', () => {
    const node = new Solo({ limits: { minNeighbours: 1 } }).neighbours('a')
    for (const at of [10_000, 20_000, 30_000]) {
      expect(node.sleep().sent).toEqual([['a', { type: 'ping', want: 0 }]])
      expect(node.now).toBe(at)
    }
    expect(dropped(node.sleep())).toEqual(['a'])
    expect(node.news).toEqual([{ type: 'neighbour-down', peer: 'a', reason: 'silent' }])
  })

  it('is kept when it answers', () => {
    const node = new Solo({ limits: { minNeighbours: 1 } }).neighbours('a')
    for (let i = 0; i < 10; i++) node.sleep().frame('a', { type: 'pong', others: [] })
    expect(node.core.neighbours).toEqual(['a'])
  })
})

describe('a ping', () => {
  it('is answered with as many names as are wanted, but not the asker’s own', () => {
    const node = new Solo().neighbours('a', 'b', 'c')
    expect(node.frame('b', { type: 'ping', want: 5 }).sent).toEqual([
      ['b', { type: 'pong', others: [record('a'), record('c')] }]
    ])
    const [[, pong]] = node.frame('b', { type: 'ping', want: 1 }).sent as [[string, unknown]]
    expect(pong).toMatchObject({ others: { length: 1 } })
  })

  it('gets names twice, then only every 30 seconds', () => {
    const node = new Solo().neighbours('a', 'b')
    const named = (): number => {
      const [[, pong]] = node.frame('b', { type: 'ping', want: 5 }).sent as [[string, unknown]]
      return (pong as { others: unknown[] }).others.length
    }
    expect([named(), named(), named()]).toEqual([1, 1, 0])
    node.now += 30_000
    expect(named()).toBe(1)
  })

  it('is an offence when they come too often', () => {
    const node = new Solo().neighbours('a')
    // the hello took one
    for (let i = 1; i < limits.greetingBurst; i++) node.frame('a', { type: 'ping', want: 0 })
    expect(node.sentTo).toEqual(['a'])
    expect(node.frame('a', { type: 'ping', want: 0 }).sent).toEqual([])
    expect(node.scored).toEqual([['a', 'it greets and pings too often']])
  })
})

describe('a node', () => {
  it('says bye to all when it leaves, and begins nothing new', () => {
    const node = new Solo().neighbours('a', 'b').ask({ type: 'leave' })
    expect(node.sent).toMatchObject([
      ['a', { type: 'bye', reason: 'leaving' }],
      ['b', { type: 'bye', reason: 'leaving' }]
    ])
    expect(dropped(node)).toEqual(['a', 'b'])
    expect(node.core.wakeAt).toBe(Infinity)
    expect(dialled(node.ask({ type: 'candidate', peer: 'z', isOurs: true }))).toEqual([])
    expect(dropped(node.up('z'))).toEqual(['z'])
  })

  it('tells its neighbours again when its own record changes', () => {
    const node = new Solo().neighbours('a').ask({ type: 'record', record: record('me') })
    expect(node.sent).toMatchObject([['a', { type: 'hello', degree: 1, record: record('me') }]])
  })

  it('says why a wanted neighbour is none', () => {
    const node = new Solo({ limits: few }).ask({ type: 'join', peer: 'x' })
    expect(dialled(node)).toEqual(['x'])
    const error = new Error('connection refused')
    expect(node.give({ type: 'down', peer: 'x', error }).news).toEqual([
      { type: 'refused', peer: 'x', by: 'us', reason: 'connection refused' }
    ])
    expect(node.ask({ type: 'join', peer: 'me' }).news).toMatchObject([{ by: 'us' }])
    node.neighbours('a', 'b', 'c')
    expect(node.ask({ type: 'join', peer: 'x' }).news).toMatchObject([{ reason: 'full' }])
  })

  it('comes back to a neighbour whose link broke after half a minute', () => {
    const node = new Solo({ limits: few }).neighbours('a')
    node.give({ type: 'down', peer: 'a', error: new Error('reset') })
    expect(node.news).toEqual([{ type: 'neighbour-down', peer: 'a', reason: 'reset' }])
    while (dialled(node).length === 0) node.sleep()
    expect(node.now).toBe(limits.reconnectAfter)
  })
})
