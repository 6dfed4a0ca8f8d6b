import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { encodeHandshake, handshakeLength } from '@peerage/swarm'
import { onTestFinished } from 'vitest'

/**
 * Brings two together that both wait to be called, for Transmission dials nobody on loopback; and
 * again whenever they have parted, for it hangs up once it has a magnet's metadata, to begin anew.
 */
export function keepIntroducing(client: number, gateway: number, infoHash: Uint8Array): void {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  void (async () => {
    while (!over.signal.aborted) await introduce(client, gateway, infoHash, over.signal)
  })()
}

/**
 * Each gets a handshake, the client's own goes on to the gateway, and from there they speak to each
 * other until they part.
 */
async function introduce(
  client: number,
  gateway: number,
  infoHash: Uint8Array,
  signal: AbortSignal
): Promise<void> {
  const [called, calling] = await Promise.all([dial(client, signal), dial(gateway, signal)])
  // what a Peerage seed would show: the extension protocol and the fast extension
  const reserved = Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 0x04)
  const peerId = new TextEncoder().encode('-PG0100-introduction')
  called?.write(encodeHandshake({ type: 'handshake', infoHash, peerId, reserved }))
  if (called != null && calling != null) await untilEitherCloses(called, calling)
  called?.destroy()
  calling?.destroy()
}

async function untilEitherCloses(called: Socket, calling: Socket): Promise<void> {
  called.pipe(calling)
  let heard = 0
  calling.on('data', (bytes: Buffer) => {
    // the gateway's handshake ends here: the client has had one
    const rest = bytes.subarray(Math.max(0, handshakeLength - heard))
    heard += bytes.length
    if (rest.length > 0) called.write(rest)
  })
  await new Promise<void>((resolve) => {
    for (const socket of [called, calling]) socket.once('close', () => resolve())
  })
}

/** A port on loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Dials until somebody listens; the connection is gone with the signal. */
async function dial(port: number, signal: AbortSignal): Promise<Socket | undefined> {
  while (!signal.aborted) {
    const socket = connect({ port, host: '127.0.0.1', signal })
    const reached = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    if (reached) return socket.on('error', () => {})
  }
  return undefined
}
