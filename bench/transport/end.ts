// One end of a measurement, started by index.ts: receive | send, kind, MiB, block, address.
import { createNode } from '@peerage/transport'
import { fastTls } from '@peerage/transport/fast-tls'
import type { Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tls } from '@libp2p/tls'
import { multiaddr } from '@multiformats/multiaddr'

const [role, kind, mib, block, address] = process.argv.slice(2)
const total = Number(mib) * 1024 * 1024
const protocol = '/bench/sink/1.0.0'
const encrypter = kind === 'noise' ? noise() : kind === 'fast TLS' ? fastTls() : tls()
const node = await createNode({
  profile: 'lan',
  mdns: false,
  listen: role === 'receive' ? ['/ip4/127.0.0.1/tcp/0'] : [],
  libp2p: { connectionEncrypters: [encrypter] }
})
process.once('disconnect', () => process.exit())

/** Tells the parent how long it took and what CPU time it cost, in seconds. */
function watch(): () => void {
  const cpu = process.cpuUsage()
  const start = performance.now()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    process.send?.([(performance.now() - start) / 1000, (user + system) / 1e6])
  }
}

function receive(stream: Stream): void {
  let done: (() => void) | undefined
  let count = 0
  stream.addEventListener('message', ({ data }) => {
    done ??= watch()
    count += data.byteLength
    if (count < total) return
    done()
    void stream.close()
  })
}

async function send(): Promise<void> {
  const stream = await node.dialProtocol(multiaddr(address), protocol)
  const bytes = new Uint8Array(Number(block))
  const done = watch()
  const received = new Promise((resolve) => {
    stream.addEventListener('remoteCloseWrite', resolve, { once: true })
  })
  for (let sent = 0; sent < total; sent += bytes.byteLength) {
    if (stream.send(bytes)) continue
    await new Promise((resolve) => {
      stream.addEventListener('drain', resolve, { once: true })
    })
  }
  await received
  done()
}

if (role === 'receive') {
  await node.handle(protocol, receive)
  process.send?.(node.getMultiaddrs()[0]!.toString())
} else await send()
