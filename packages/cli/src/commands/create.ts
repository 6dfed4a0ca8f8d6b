import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { formatMagnet, type TorrentVersion } from '@peerage/swarm'
import { createTorrentFromPath } from '@peerage/swarm/files'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { UsageError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { count, formatBytes } from '../units.ts'

/** `peerage create <path>` */
export const create: Command = {
  name: 'create',
  summary: 'write a .torrent of a file or folder and print its magnet link',
  usage: 'create <path>',
  example: 'peerage create holiday-photos --out holiday.torrent',
  operands: { least: 1, most: 1 },
  options: [
    { flag: 'out', value: 'file', about: 'where to write (default: <name>.torrent, here)' },
    { flag: 'tracker', value: 'url', many: true, about: 'a tracker other clients may ask' },
    { flag: 'v2', about: 'by BitTorrent version 2, whose hashes tell who sent a wrong block' },
    { flag: 'hybrid', about: 'by versions 1 and 2 at once, for clients of either' }
  ],

  async run({ args, output, signal }) {
    const path = resolve(args.operands[0]!)
    const trackers = args.list('tracker').map((url) => [url])
    const version = versionOf(args)
    const { torrent, bytes } = await createTorrentFromPath(path, {
      signal,
      version,
      ...(trackers.length > 0 && { trackers }),
      onProgress: ({ hashed, total }) => {
        const line = `hashed ${formatBytes(hashed)} of ${formatBytes(total)}`
        output.progress({ hashed, total }, line, performance.now())
      }
    })
    const file = resolve(args.text('out') ?? `${basename(path)}.torrent`)
    await writeFile(file, bytes)
    const { id, name, length, pieceCount, infoHash, infoHashV2 } = torrent
    const magnet = formatMagnet({ infoHash, infoHashV2, name, length, trackers })
    const pieces = count(pieceCount, 'piece')
    output.end()
    output.note('hashed', {}, `${name}: ${formatBytes(length)} in ${pieces}, written to ${file}`)
    output.result('created', { id, name, length, pieceCount, file, magnet }, magnet)
    return exitCodes.ok
  }
}

function versionOf(args: Arguments): TorrentVersion {
  if (args.has('v2') && args.has('hybrid')) {
    throw new UsageError('--v2 and --hybrid each say which version; give one of them')
  }
  if (args.has('hybrid')) return 'hybrid'
  return args.has('v2') ? 2 : 1
}
