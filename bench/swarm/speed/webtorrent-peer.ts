// One WebTorrent peer of the speed benchmark, plain TCP and nobody but the peers it is told of.
import { readFile } from 'node:fs/promises'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

interface WebTorrentClient {
  torrentPort: number
  add(torrent: Uint8Array, options: { path: string }): WebTorrentTransfer
}

interface WebTorrentTransfer {
  addPeer(address: string): void
  once(event: 'ready' | 'done', listener: () => void): void
}

const [role = '', file = '', folder = '', installed = ''] = process.argv.slice(2)

// it loads its WebRTC binding even where no WebRTC is used, and that needs a download
const names = ['PeerConnection', 'DataChannel', 'RtcpReceivingSession', 'Video', 'Audio', 'Track']
const more = ['WebSocket', 'WebSocketServer', 'IceUdpMuxListener']
const classes = [...names, ...more].map((name) => `export class ${name} {}`).join('\n')
const empty = `${classes}\nexport const cleanup = () => {}, preload = () => {}, initLogger = () => {}\nexport default {}`
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('node-datachannel')
      ? {
          url: `data:text/javascript,${encodeURIComponent(empty)}`,
          shortCircuit: true,
          format: 'module'
        }
      : next(specifier, context)
})
const entry = createRequire(join(installed, 'index.js')).resolve('webtorrent')
const { default: WebTorrent } = (await import(pathToFileURL(entry).href)) as {
  default: new (options: Record<string, unknown>) => WebTorrentClient
}
const off = { dht: false, tracker: false, lsd: false, utp: false, utPex: false, webSeeds: false }
const client = new WebTorrent({ ...off, natUpnp: false, natPmp: false })
const transfer = client.add(await readFile(file), { path: folder })
await new Promise<void>((resolve) => {
  transfer.once('ready', resolve)
})
if (role === 'leech') transfer.once('done', () => console.log('DONE'))
console.log(`READY 127.0.0.1:${client.torrentPort}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...peers] = line.split(' ')
  if (word === 'QUIT') break
  if (role === 'leech') for (const peer of peers) transfer.addPeer(peer)
}
process.exit(0)
