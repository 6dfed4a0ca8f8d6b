// Shows: what a wire channel costs beside a bare libp2p stream, in one run, both ends in one process.
// Run:   npx -c 'node --conditions=@peerage/source bench/wire/index.ts --mib 128'
import { createNode } from '@peerage/transport'
import {
  createEndpoint,
  rawBytes,
  type Channel,
  type Endpoint,
  type EndpointComponents
} from '@peerage/wire'
import type { Stream } from '@libp2p/interface'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { mib: { type: 'string', default: '128' } } })
const total = Number(values.mib) * 1024 * 1024
const block = new Uint8Array(16 * 1024)
const received = { bytes: 0, whole: Promise.withResolvers<void>() }

function count(bytes: number): void {
  received.bytes += bytes
  if (received.bytes >= total) received.whole.resolve()
}

const channelEnd = async (channel: Channel<Uint8Array>): Promise<void> => {
  for await (const bytes of channel) count(bytes.byteLength)
}
const viaChannel = (components: EndpointComponents): Endpoint<Uint8Array> =>
  createEndpoint(components, {
    protocol: '/bench/channel/1.0.0',
    framing: rawBytes(),
    onChannel: (channel) => void channelEnd(channel)
  })

const make = async (): ReturnType<typeof createNode<{ viaChannel: Endpoint<Uint8Array> }>> =>
  createNode({
    profile: 'lan',
    mdns: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    services: { viaChannel }
  })
const [sender, receiver] = [await make(), await make()]
await receiver.handle('/bench/bare/1.0.0', (stream: Stream) => {
  stream.addEventListener('message', ({ data }) => {
    count(data.byteLength)
  })
})

async function measure(name: string, send: () => Promise<void>): Promise<void> {
  received.bytes = 0
  received.whole = Promise.withResolvers()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await send()
  await received.whole.promise
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const mib = total / 1024 / 1024
  const perGib = ((user + system) / 1e6 / mib) * 1024
  console.log(
    `${name.padEnd(24)} ${(mib / seconds).toFixed(0).padStart(5)} MiB/s  ${perGib.toFixed(1)} CPU-s/GiB`
  )
}

for (let round = 0; round < 3; round++) {
  await measure('bare stream, 16 KiB', async () => {
    const stream = await sender.dialProtocol(receiver.getMultiaddrs(), '/bench/bare/1.0.0')
    for (let sent = 0; sent < total; sent += block.byteLength) {
      if (stream.send(block)) continue
      await new Promise((resolve) => {
        stream.addEventListener('drain', resolve, { once: true })
      })
    }
    await stream.close()
  })
  await measure('wire channel, 16 KiB', async () => {
    const channel = await sender.services.viaChannel.open(receiver.getMultiaddrs())
    for (let sent = 0; sent < total; sent += block.byteLength) await channel.send(block)
    await channel.end()
  })
}
await Promise.all([sender.stop(), receiver.stop()])
