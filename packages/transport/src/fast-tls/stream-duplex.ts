import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { callbackify } from 'node:util'
import type { MessageStream, StreamMessageEvent } from '@libp2p/interface'

/** A connection as a Node stream, for TLS over whatever has no socket; waits in both directions. */
export function streamDuplex(connection: MessageStream): Duplex {
  const close = connection.close.bind(connection)
  const write = callbackify(async (chunk: Uint8Array) => send(connection, chunk))
  const finish = callbackify(async () => close())
  const duplex = new Duplex({
    read: () => {
      if (connection.status === 'open') connection.resume()
    },
    write: (chunk: Uint8Array, _encoding, done) => write(chunk, done),
    final: (done) => finish(done),
    destroy: (error, done) => {
      if (error === null) finish((cause) => cause && connection.abort(cause))
      else connection.abort(error)
      done(error)
    }
  })
  connection.addEventListener('message', ({ data }: StreamMessageEvent) => {
    if (!duplex.push(data.subarray())) connection.pause()
  })
  connection.addEventListener('remoteCloseWrite', () => duplex.push(null))
  connection.addEventListener('close', () => duplex.destroy())
  return duplex
}

/** Not `onDrain()`, which waits only once (js-libp2p, @libp2p/utils 7.4). */
async function send(connection: MessageStream, bytes: Uint8Array): Promise<void> {
  if (connection.send(bytes)) return
  const over = new AbortController()
  try {
    await Promise.race([once(connection, 'drain', over), once(connection, 'close', over)])
  } finally {
    over.abort()
  }
}
