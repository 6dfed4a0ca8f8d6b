import { defaultLogger } from '@libp2p/logger'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  Driver,
  limits as bounds,
  PeerLedger,
  type Channel,
  type Core,
  type DriverInit,
  type Emit,
  type Input,
  type WireLimits
} from '../src/index.ts'
import { alice, bob, channelPair } from './channels.ts'
import { manualClock } from './manual-clock.ts'

interface Toy {
  frame: string
  ask: string
  work: string
  result: string
  news: string
}

type Script = (input: Input<Toy>, emit: Emit<Toy>, now: number) => void

/** Writes down what it is told and does what the test says. */
class ScriptedCore implements Core<Toy> {
  readonly told: Array<Input<Toy>> = []
  readonly #script: Script
  wakeAt = Infinity

  constructor(script: Script) {
    this.#script = script
  }

  handle(now: number, input: Input<Toy>, emit: Emit<Toy>): void {
    this.told.push(input)
    this.#script(input, emit, now)
  }

  types(): string[] {
    return this.told.map(({ type }) => type)
  }
}

function driver(
  script: Script,
  init: Partial<DriverInit<Toy>> = {}
): { core: ScriptedCore; driver: Driver<Toy>; news: string[] } {
  const core = new ScriptedCore(script)
  const news: string[] = []
  const made = new Driver<Toy>({
    core,
    self: alice.toString(),
    work: async (work) => `done ${work}`,
    failed: (error) => `failed: ${error.message}`,
    tell: (item) => news.push(item),
    log: defaultLogger().forComponent('peerage:test'),
    ...init
  })
  onTestFinished(() => made.stop())
  return { core, driver: made, news }
}

const echo: Script = (input, emit) => {
  if (input.type === 'frame') emit({ type: 'send', peer: input.peer, frame: `${input.frame}!` })
}

describe('a driver', () => {
  it('tells its core of a peer, its frames in order, and its end', async () => {
    const { near, far } = await channelPair()
    const { core, driver: driven } = driver(echo)
    driven.attach(near)
    await far.send('a')
    await far.send('b')
    expect(await far.receive()).toBe('a!')
    expect(await far.receive()).toBe('b!')
    await far.end()
    expect(await far.receive()).toBeUndefined()
    expect(core.types()).toEqual(['up', 'frame', 'frame', 'down'])
  })

  it('says why a peer went when it said no goodbye', async () => {
    const { near, far } = await channelPair()
    const gone = Promise.withResolvers<Input<Toy>>()
    const { driver: driven } = driver((input) => {
      if (input.type === 'down') gone.resolve(input)
    })
    driven.attach(near)
    far.abort(new Error('cut'))
    expect(await gone.promise).toMatchObject({ type: 'down', error: expect.any(Error) })
  })

  it('brings back the result of a job, a rejection included', async () => {
    const results: string[] = []
    const both = Promise.withResolvers<void>()
    const script: Script = (input, emit) => {
      if (input.type === 'ask') emit({ type: 'job', job: 7, work: input.ask })
      if (input.type !== 'done') return
      results.push(`${input.job} ${input.result}`)
      if (results.length === 2) both.resolve()
    }
    const { driver: driven } = driver(script, {
      work: async (work) => {
        if (work === 'bad') throw new Error('no disk')
        return `done ${work}`
      }
    })
    driven.ask('good')
    driven.ask('bad')
    await both.promise
    expect(results).toEqual(['7 done good', '7 failed: no disk'])
  })

  it('wakes its core at the time it names, on the clock it was given', () => {
    const clock = manualClock()
    const { core, driver: driven } = driver(
      (input, _, now) => {
        if (input.type === 'ask') core.wakeAt = 100
        if (input.type === 'wake') core.wakeAt = now < 200 ? 200 : Infinity
      },
      { clock }
    )
    driven.ask('start')
    clock.advance(99)
    expect(core.types()).toEqual(['ask'])
    clock.advance(1)
    expect(core.types()).toEqual(['ask', 'wake'])
    clock.advance(100)
    expect(core.types()).toEqual(['ask', 'wake', 'wake'])
    expect(clock.timers()).toBe(0)
  })

  it('takes inputs that arise while the core is busy in their turn', async () => {
    const { near } = await channelPair()
    const { core, driver: driven } = driver((input, emit) => {
      if (input.type === 'up') emit({ type: 'drop', peer: input.peer, reason: 'not today' })
    })
    driven.attach(near)
    expect(core.types()).toEqual(['up', 'down'])
    expect(driven.peers).toEqual([])
  })

  it('says once that a peer is slow and once that it is ready again', async () => {
    const limits: Partial<WireLimits> = { sendHighMark: 100, sendLowMark: 10 }
    const { near, far } = await channelPair({ limits })
    const ready = Promise.withResolvers<void>()
    const { core, driver: driven } = driver((input, emit) => {
      if (input.type === 'ready') ready.resolve()
      if (input.type !== 'ask') return
      for (let i = 0; i < 3; i++) {
        emit({ type: 'send', peer: bob.toString(), frame: 'x'.repeat(99) })
      }
    })
    driven.attach(near)
    driven.ask('send')
    await far.receive()
    await ready.promise
    expect(core.types()).toEqual(['up', 'ask', 'slow', 'ready'])
  })

  it('reads nothing more while as many jobs as it may have are under way', async () => {
    const { near, far } = await channelPair()
    const started: string[] = []
    const finish: Array<() => void> = []
    const third = Promise.withResolvers<void>()
    let job = 0
    const { core, driver: driven } = driver(
      (input, emit) => {
        if (input.type === 'frame') emit({ type: 'job', job: job++, work: input.frame })
      },
      {
        limits: { maxJobs: 2 },
        work: async (work) => {
          started.push(work)
          if (started.length === 3) third.resolve()
          await new Promise<void>((resolve) => {
            finish.push(resolve)
          })
          return work
        }
      }
    )
    driven.attach(near)
    for (const word of ['a', 'b', 'c', 'd']) await far.send(word)
    await new Promise((resolve) => {
      setTimeout(resolve, 0)
    })
    expect(started).toEqual(['a', 'b'])
    finish[0]!()
    await third.promise
    expect(started).toEqual(['a', 'b', 'c'])
    expect(core.types()).toEqual(['up', 'frame', 'frame', 'done', 'frame'])
    for (const end of finish) end()
  })

  it('hears no more of a peer that was banned elsewhere', async () => {
    const { near, far } = await channelPair()
    const clock = manualClock()
    const ledger = new PeerLedger()
    const { core, driver: driven } = driver(echo, { clock, ledger })
    driven.attach(near)
    await far.send('a')
    expect(await far.receive()).toBe('a!')
    ledger.ban(clock.now(), bob.toString())
    await far.send('b')
    expect(await far.receive()).toBeUndefined()
    expect(core.types()).toEqual(['up', 'frame', 'down'])
  })

  it('drops a peer whose offences add up, and remembers it', async () => {
    const { near, far } = await channelPair()
    const clock = manualClock()
    const ledger = new PeerLedger({ dropAt: 2, banAt: 100 })
    const { driver: driven } = driver(
      (input, emit) => {
        if (input.type !== 'frame') return
        emit({ type: 'score', peer: input.peer, offence: 1, reason: 'noise' })
      },
      { clock, ledger }
    )
    driven.attach(near)
    await far.send('a')
    await far.send('b')
    expect(await far.receive()).toBeUndefined()
    expect(ledger.points(clock.now(), bob.toString())).toBe(2)
  })

  it('keeps, of two crossing channels, the one the smaller id opened, on both sides', async () => {
    const [first, second] = [await channelPair(), await channelPair()]
    // alice opened `first`, bob opened `second`: swap its ends' direction and identity
    const atAlice = driver(echo, { self: alice.toString() })
    const kept = alice.toString() < bob.toString() ? 'first' : 'second'
    atAlice.driver.attach(first.near)
    atAlice.driver.attach(inboundFrom(second.near))
    expect(atAlice.driver.peers).toEqual([bob.toString()])
    const live = kept === 'first' ? first : second
    await live.far.send('still there')
    expect(await live.far.receive()).toBe('still there!')
  })

  it('answers a dial that fails with a down', async () => {
    const failed = Promise.withResolvers<Input<Toy>>()
    const { driver: driven } = driver(
      (input, emit) => {
        if (input.type === 'ask') emit({ type: 'dial', peer: input.ask })
        if (input.type === 'down') failed.resolve(input)
      },
      { dial: () => Promise.reject(new Error('nobody home')) }
    )
    driven.ask('carol')
    const down = await failed.promise
    expect(down).toMatchObject({ peer: 'carol', error: new Error('nobody home') })
  })

  it('keeps a peer that came by itself while the dial to it failed', async () => {
    const { near } = await channelPair()
    const dialled = Promise.withResolvers<never>()
    const { core, driver: driven } = driver(
      (input, emit) => {
        if (input.type === 'ask') emit({ type: 'dial', peer: input.ask })
      },
      { dial: () => dialled.promise }
    )
    driven.ask(bob.toString())
    driven.attach(near)
    dialled.reject(new Error('nobody home'))
    await expect(dialled.promise).rejects.toThrow('nobody home')
    await Promise.resolve()
    expect(core.types()).toEqual(['ask', 'up'])
    expect(driven.peers).toEqual([bob.toString()])
  })

  it('lets a job under way end when it stops, and starts no other', async () => {
    const writing = Promise.withResolvers<string>()
    const { core, driver: driven } = driver(
      (input, emit) => {
        if (input.type === 'ask') emit({ type: 'job', job: 1, work: 'write' })
        if (input.type === 'done') emit({ type: 'job', job: 2, work: 'write more' })
      },
      { work: () => writing.promise }
    )
    driven.ask('go')
    const stopped = driven.stop()
    writing.resolve('written')
    await stopped
    expect(core.told.at(-1)).toEqual({ type: 'done', job: 1, result: 'written' })
    expect(core.types()).toEqual(['ask', 'done'])
  })

  it('does not wait for ever for a job that hangs', async () => {
    const clock = manualClock()
    const { core, driver: driven } = driver(
      (input, emit) => {
        if (input.type === 'ask') emit({ type: 'job', job: 1, work: 'hang' })
      },
      { clock, work: () => new Promise(() => {}) }
    )
    driven.ask('go')
    const stopped = driven.stop()
    clock.advance(bounds.endTimeout)
    await stopped
    expect(core.types()).toEqual(['ask'])
  })

  it('leaves no timer and no channel behind when it stops', async () => {
    const clock = manualClock()
    const { near, far } = await channelPair({ clock })
    const { core, driver: driven } = driver(echo, { clock })
    core.wakeAt = 1000
    driven.attach(near)
    await Promise.all([driven.stop(), far.receive(), far.end()])
    await Promise.all([near.closed, far.closed])
    expect(clock.timers()).toBe(0)
  })
})

function inboundFrom(channel: Channel<string>): Channel<string> {
  return new Proxy(channel, {
    get: (target, property) => {
      if (property === 'direction') return 'inbound'
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}
