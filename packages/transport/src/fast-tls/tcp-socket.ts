import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { MessageStream } from '@libp2p/interface'

/**
 * Takes the TCP socket out of a connection, with all it has received but nobody has read, for TLS
 * to run on its handle.
 *
 * `@libp2p/tcp` has no public way to its socket. This file alone knows the private one, as read in
 * `socket-to-conn.ts` of 11.0.28: a property `socket`, whose only `data` listener hands bytes to
 * the connection. The connection keeps its other listeners, so that errors, timeouts and the end of
 * the socket are still its own. Whatever looks otherwise is left alone.
 *
 * @returns `undefined` when there is no such socket: relayed, in memory, WebSockets, another version
 */
export async function takeSocket(connection: MessageStream): Promise<Socket | undefined> {
  const socket = 'socket' in connection ? connection.socket : undefined
  if (!(socket instanceof Socket) || !canBeTaken(socket, connection)) return undefined
  socket.pause()
  const early = await takeUnread(connection)
  socket.removeAllListeners('data')
  if (early !== undefined) socket.unshift(early)
  return socket
}

function canBeTaken(socket: Socket, connection: MessageStream): boolean {
  return (
    !(socket instanceof TLSSocket) &&
    !socket.destroyed &&
    socket.readable &&
    socket.writable &&
    socket.listenerCount('data') === 1 &&
    socket.readableFlowing === true &&
    // bytes still on their way out would come after those of TLS
    socket.writableLength === 0 &&
    connection.writeBufferLength === 0
  )
}

/** A connection hands what it has buffered to the first who listens. */
async function takeUnread(connection: MessageStream): Promise<Uint8Array | undefined> {
  if (connection.readBufferLength === 0) return undefined
  return new Promise((resolve) => {
    connection.addEventListener('message', ({ data }) => resolve(data.subarray()), { once: true })
  })
}
