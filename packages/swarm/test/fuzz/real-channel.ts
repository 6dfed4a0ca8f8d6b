import type { Connection, Stream } from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { peerIdFromString } from '@libp2p/peer-id'
import { memoryStreams } from '@peerage/testbed'
import { createEndpoint, Driver, type Channel, type Core, type Random } from '@peerage/wire'
import { peerWire, type PeerMessage } from '../../src/codec/peer-wire.ts'
import { TorrentCore } from '../../src/core/torrent.ts'
import type { TorrentVocabulary } from '../../src/core/vocabulary.ts'
import { noise } from '../fake-torrent.ts'
import { torrent } from '../probe.ts'

const stranger = peerIdFromString('12D3KooWHFKTMzwerBtsVmtz4ZZEQy2heafxzWw6wNn5PPYkBxJ5')

/**
 * Lets a core hear these bytes from a stranger over a libp2p stream, as they are cut there, until
 * the stranger hangs up and everything has ended.
 *
 * @throws what the core throws, or its invariants do
 */
export async function overRealChannel(random: Random, bytes: Uint8Array): Promise<void> {
  const [far, near] = await memoryStreams('/peerage/swarm/1.0.0')
  const { core, failures } = watched(
    new TorrentCore({ infoHash: torrent.infoHash, peerId: noise(20), random, torrent })
  )
  const driver = new Driver<TorrentVocabulary>({
    core,
    self: 'self',
    log: defaultLogger().forComponent('fuzz'),
    work: async ({ type }) => (type === 'want' ? { type: 'wanted' } : { type: 'corrupt' }),
    failed: (error) => ({ type: 'failed', error }),
    tell: () => {}
  })
  const channel = await channelOver(near)
  driver.attach(channel)
  for (let at = 0; at < bytes.byteLength && far.writeStatus === 'writable';) {
    const part = bytes.slice(at, (at += 1 + random.below(9_000)))
    far.send(part)
    await Promise.resolve()
  }
  await far.close().catch(() => {})
  far.abort(new Error('gone'))
  await channel.closed
  await driver.stop()
  if (driver.peers.length > 0) throw new Error('a peer is left')
  if (failures.length > 0) throw failures[0]
}

/** The channel an endpoint makes of a stream that came in. */
async function channelOver(stream: Stream): Promise<Channel<PeerMessage>> {
  const opened = Promise.withResolvers<Channel<PeerMessage>>()
  let accept: ((stream: Stream, connection: Connection) => void) | undefined
  const endpoint = createEndpoint(
    {
      registrar: {
        handle: async (_, handler) => {
          accept = handler as typeof accept
        },
        unhandle: async () => {},
        register: async () => 'id',
        unregister: () => {}
      },
      connectionManager: { openConnection: () => Promise.reject(new Error('nobody is dialled')) },
      logger: defaultLogger()
    },
    { protocol: stream.protocol, framing: peerWire(), onChannel: opened.resolve }
  )
  await endpoint.start()
  accept?.(stream, { remotePeer: stranger } as Connection)
  return opened.promise
}

/** A core that checks itself after every input; the driver would only log what it throws. */
function watched(core: TorrentCore): { core: Core<TorrentVocabulary>; failures: unknown[] } {
  const failures: unknown[] = []
  return {
    failures,
    core: {
      get wakeAt() {
        return core.wakeAt
      },
      handle: (now, input, emit) => {
        try {
          core.handle(now, input, emit)
          core.check()
        } catch (error) {
          failures.push(error)
        }
      }
    }
  }
}
