import { Catalog } from '@peerage/catalog'
import type { Node } from '@peerage/transport'
import { outwardFirst } from '../addresses.ts'
import type { Command, Context } from '../command.ts'
import { DataFolder } from '../data-folder.ts'
import { exitCodes } from '../exit-codes.ts'
import { takeIdentity } from '../identity.ts'
import { joinNetwork } from '../join-network.ts'
import { Library } from '../library.ts'
import { openNode } from '../node.ts'
import type { Services } from '../services.ts'
import { tellSearches } from '../search-events.ts'
import { fileLink, qrLines } from '../share-link.ts'
import { tellUploads } from '../tell-uploads.ts'
import { TorrentCache } from '../torrent-cache.ts'
import { count, formatBytes } from '../units.ts'

/** `peerage share <folder|file>` */
export const share: Command = {
  name: 'share',
  summary: 'share a folder or a file until Ctrl-C; others find it by search',
  usage: 'share <folder|file>',
  example: 'peerage share ~/Music --exclude "*.part"',
  details:
    'Hidden files are left out, and so is what the rules of a .peerageignore file name.\n' +
    'New and changed files in the folder are shared as they appear.',
  operands: { least: 1, most: 1 },
  options: [
    { flag: 'exclude', value: 'rule', many: true, about: 'what to leave out, as in .gitignore' },
    { flag: 'no-qr', about: 'print no QR code of the link' }
  ],

  async run(context) {
    const { settings, output } = context
    const identity = await takeIdentity(settings, new DataFolder(settings.data))
    const catalog = new Catalog()
    try {
      const node = await openNode({ settings, catalog, identity: identity.key })
      try {
        tellSearches(node.services.search, output)
        await joinNetwork(node, context)
        await serve(node, createLibrary(node, catalog, context), context)
        return exitCodes.interrupted
      } finally {
        output.end()
        await node.stop()
      }
    } finally {
      await identity.release()
    }
  }
}

/** Shares what is there, then what comes, until Ctrl-C. */
async function serve(node: Node<Services>, library: Library, context: Context): Promise<void> {
  const { args, output, signal } = context
  const [path = '.'] = args.operands
  await library.share(path)
  tellHowToReach(node, library, context)
  const endTelling = tellUploads(node, output)
  try {
    await library.follow(path)
    await aborted(signal)
  } finally {
    endTelling()
  }
}

function createLibrary(
  node: Node<Services>,
  catalog: Catalog,
  { args, settings, output, signal }: Context
): Library {
  return new Library({
    catalog,
    swarm: node.services.swarm,
    cache: new TorrentCache(new DataFolder(settings.data)),
    exclude: args.list('exclude'),
    signal,
    onShared: ({ file: { relative, size }, torrent: { id } }) => {
      const line = `${relative}  ${formatBytes(size)}  ${id}`
      output.result('shared', { name: relative, size, id }, line)
    },
    onGone: ({ file: { relative }, torrent: { id } }) => {
      output.note('unshared', { name: relative, id }, `${relative} is no longer shared`)
    },
    onProblem: (message) => output.warn(message),
    onHash: ({ relative }, { hashed, total }) => {
      const line = `hashing ${relative}: ${formatBytes(hashed)} of ${formatBytes(total)}`
      output.progress({ hashing: relative, hashed, total }, line, performance.now())
    }
  })
}

function tellHowToReach(node: Node<Services>, library: Library, context: Context): void {
  const { args, output } = context
  output.end()
  const { files } = library
  const addresses = outwardFirst(node.getMultiaddrs())
  const [first = ''] = addresses
  const link = files.length === 1 ? fileLink(files[0]!, addresses) : first
  const peer = node.peerId.toString()
  if (files.length === 0) output.warn('there is nothing to share in it yet')
  const size = files.reduce((sum, { file }) => sum + file.size, 0)
  const lines = [
    '',
    `sharing ${count(files.length, 'file')}, ${formatBytes(size)}, until Ctrl-C`,
    `join:  --join ${first}`,
    `link:  ${link}`
  ]
  output.result('sharing', { peer, addresses, link, files: files.length, size }, ...lines)
  if (!args.has('no-qr')) output.note('qr', {}, ...qrLines(link))
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
