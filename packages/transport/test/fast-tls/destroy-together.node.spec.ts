import type { MultiaddrConnection, SecuredConnection } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import { secure, tcpPair } from './tcp-pair.ts'

type End = { below: MultiaddrConnection; secured: SecuredConnection['connection'] }

const error = new Error('torn down')

/** Every one of them ended the process while the socket could be destroyed before TLS. */
const ways: [string, (one: End, other: End) => unknown][] = [
  ['its connection aborts', ({ below }) => below.abort(error)],
  ['its stream aborts', ({ secured }) => secured.abort(error)],
  [
    'both ends abort',
    (one, other) => {
      one.below.abort(error)
      other.secured.abort(error)
    }
  ],
  [
    'it aborts with bytes corked',
    ({ below, secured }) => {
      secured.send(new Uint8Array(100_000))
      below.abort(error)
    }
  ],
  [
    'it aborts while it closes',
    ({ below, secured }) => {
      // the abort that follows is what ends it
      secured.close().catch(() => {})
      below.abort(error)
    }
  ]
]

const closed = (end: End): Promise<unknown> =>
  new Promise((resolve) => {
    end.below.addEventListener('close', resolve, { once: true })
  })

describe.each(ways)('a socket with writes on their way, when %s,', (_name, tearDown) => {
  it('is gone at both ends', async () => {
    for (let i = 0; i < 8; i++) {
      const { dialer, listener } = await tcpPair()
      const { dialing, listening } = await secure(dialer, listener)
      const ends: End[] = [
        { below: dialer, secured: dialing.connection },
        { below: listener, secured: listening.connection }
      ]
      const [one, other] = i % 2 === 0 ? ends : ends.toReversed()
      other!.secured.pause()
      while (one!.secured.send(new Uint8Array(65_536)));
      // with the first writes in the kernel, or not
      if (i % 4 > 1) await new Promise((resolve) => setImmediate(resolve))
      // a reader that pauses hears of nothing
      other!.secured.resume()
      const both = Promise.all(ends.map(closed))
      tearDown(one!, other!)
      await both
      expect(ends.map(({ secured }) => secured.status)).not.toContain('open')
    }
  })
})
