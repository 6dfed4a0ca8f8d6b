import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/**
 * Makes every way to destroy a socket go through the TLS on its handle: TLS first, which takes the
 * socket along, as a reset when that was asked for.
 *
 * Node 24.21 crashes (SIGSEGV) when the socket is destroyed first and TLS writes or is destroyed
 * before the socket's `close` (kin of nodejs/node#49327 and #62967); and the connection that owns the
 * socket knows nothing of TLS.
 */
export function destroyTogether(socket: Socket, tls: TLSSocket): void {
  let reset = false
  socket.resetAndDestroy = () => {
    reset = true
    tls.destroy()
    return socket
  }
  socket.destroySoon = () => tls.destroySoon()
  socket.destroy = (error) => {
    if (!tls.destroyed) {
      tls.destroy(error)
      return socket
    }
    // TLS is on its way out and asks for its socket: from here on Node's own methods
    for (const shadow of ['destroy', 'destroySoon', 'resetAndDestroy']) {
      Reflect.deleteProperty(socket, shadow)
    }
    return reset ? socket.resetAndDestroy() : socket.destroy(error)
  }
}
