import { once } from 'node:events'
import { Duplex } from 'node:stream'
import type { MessageStream, StreamMessageEvent } from '@libp2p/interface'

/** A connection as a Node stream, for TLS over whatever has no socket; waits in both directions. */
export function streamDuplex(connection: MessageStream): Duplex {
  const duplex = new Duplex({
    read: () => {
      if (connection.status === 'open') connection.resume()
    },
    write: (chunk: Uint8Array, _encoding, done) => {
      send(connection, chunk).then(() => done(), done)
    },
    final: (done) => {
      connection.close().then(() => done(), done)
    },
    destroy: (error, done) => {
      if (connection.status === 'open') connection.abort(error ?? new Error('TLS has ended'))
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
