import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { encodeHandshake, handshakeLength } from '@peerage/swarm'
import { onTestFinished } from 'vitest'

/**
 * Brings two together that both wait to be called: Transmission dials nobody on loopback. Each gets
 * a handshake, the client's own goes on to the gateway, and from there they speak to each other.
 */
export async function introduce(
  client: number,
  gateway: number,
  infoHash: Uint8Array
): Promise<void> {
  const [called, calling] = await Promise.all([dial(client), dial(gateway)])
  // what a Peerage seed would show: the extension protocol and the fast extension
  const reserved = Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 0x04)
  const peerId = new TextEncoder().encode('-PG0100-introduction')
  called.write(encodeHandshake({ type: 'handshake', infoHash, peerId, reserved }))
  called.pipe(calling)
  const answer = await read(calling, handshakeLength)
  calling.unshift(answer.subarray(handshakeLength))
  calling.pipe(called)
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

/** Dials until somebody listens. */
async function dial(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const reached = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    if (!reached) continue
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    return socket
  }
}

/** At least so many bytes. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  while (bytes.length < length) {
    await once(socket, 'readable')
    bytes = Buffer.concat([bytes, (socket.read() as Buffer | null) ?? Buffer.alloc(0)])
  }
  return bytes
}
