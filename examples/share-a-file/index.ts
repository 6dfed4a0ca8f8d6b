// Shows: a file shared by two peers, fetched from both at once by a third that has only the link.
// Run:   npx -c 'node --conditions=@peerage/source examples/share-a-file/index.ts'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatMagnet, swarm } from '@peerage/swarm'
import { createTorrentFromPath, fileStorage } from '@peerage/swarm/files'
import { createNode } from '@peerage/transport'

const start = () =>
  createNode({
    profile: 'lan',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mdns: false,
    services: { swarm: swarm() }
  })

/** Hashes a file and gives it to whoever asks. */
async function share(node: Awaited<ReturnType<typeof start>>, path: string) {
  const { torrent, folder } = await createTorrentFromPath(path)
  await node.services.swarm.seed(torrent, fileStorage(torrent, folder))
  return torrent
}

const home = await mkdtemp(join(tmpdir(), 'peerage-example-'))
const [first, second, third] = [await start(), await start(), await start()]
try {
  // two peers have the same recording
  const [original, copy] = [join(home, 'first', 'rain.wav'), join(home, 'second', 'rain.wav')]
  for (const path of [original, copy]) await mkdir(dirname(path))
  await writeFile(original, Buffer.alloc(4 * 1024 * 1024, 'pitter patter '))
  await copyFile(original, copy)

  const torrent = await share(first, original)
  await share(second, copy)
  const peers = [first, second].map((node) => String(node.getMultiaddrs()[0]))
  const link = formatMagnet({ ...torrent, peers })
  console.log(`the link: ${link.slice(0, 60)}…`)

  const transfer = await third.services.swarm.add(link, {
    storage: (found) => {
      console.log(`${found.name} has ${found.length} bytes in ${found.pieceCount} pieces`)
      return fileStorage(found, join(home, 'third'), { journal: join(home, 'journals') })
    }
  })
  await transfer.done
  for (const { pieces } of transfer.sourcesOf()) console.log(`a peer gave ${pieces} of them`)
  await transfer.stop()

  const fetched = await readFile(join(home, 'third', 'rain.wav'))
  console.log(`the same bytes: ${fetched.equals(await readFile(original))}`)
} finally {
  await Promise.all([first, second, third].map(async (node) => node.stop()))
  await rm(home, { recursive: true })
}
