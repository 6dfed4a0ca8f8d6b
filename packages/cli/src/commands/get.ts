import { join, resolve } from 'node:path'
import type { RateLimits, Torrent, Transfer } from '@peerage/swarm'
import type { Node } from '@peerage/transport'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { DataFolder } from '../data-folder.ts'
import { UsageError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { untilFetched } from '../fetching.ts'
import { type GetSource, readSource } from '../get-source.ts'
import { storageFor } from '../get-storage.ts'
import { joinNetwork } from '../join-network.ts'
import { openNode } from '../node.ts'
import { progressFields, progressLine } from '../progress.ts'
import { assertSelected, selectionOf } from '../select-files.ts'
import type { Services } from '../services.ts'
import { count, formatBytes } from '../units.ts'

/** `peerage get <hit|id|magnet|.torrent>` */
export const get: Command = {
  name: 'get',
  summary: 'fetch a hit, a magnet or a .torrent from everybody who has it, verified',
  usage: 'get <hit|id|magnet|.torrent>',
  example: 'peerage get 1 --files "*.mp4" --out ~/Downloads',
  details:
    'A hit is a number of the last search. Stopped or killed, the same command goes on\n' +
    'from the pieces that are verified. With --files only those files are fetched and made;\n' +
    'in a pattern * is any name and ** any folders, such as "season 1/**".',
  operands: { least: 1, most: 1 },
  options: [
    { flag: 'out', value: 'folder', about: 'where to put it (default: the current folder)' },
    { flag: 'files', value: 'pattern', many: true, about: 'which files to fetch (default: all)' },
    { flag: 'sequential', about: 'from front to back, to watch while it comes' },
    { flag: 'limit-down', value: 'size', about: 'fetch no more a second, such as 500k' },
    { flag: 'limit-up', value: 'size', about: 'give no more a second' },
    { flag: 'timeout', value: 'seconds', about: 'give up after so long without data (default: 60)' }
  ],

  async run(context) {
    const { args, settings, output, signal } = context
    const data = new DataFolder(settings.data)
    const source = await readSource(args.operands[0]!, data)
    const node = await openNode({ settings })
    try {
      await joinWhereNeeded(node, source, context)
      const transfer = await begin(node, source, context)
      const tally = new Tally(transfer)
      try {
        const patience = (args.integer('timeout', 1, 86_400) ?? 60) * 1_000
        const torrent = await untilFetched(transfer, { signal, patience })
        tell(torrent, tally, context)
        return exitCodes.ok
      } catch (error) {
        // a piece on its way to the disk still gets there: count when all have
        if (signal.aborted) await transfer.stop().then(() => tellStopped(transfer, output))
        throw error
      } finally {
        output.end()
        await transfer.stop()
      }
    } finally {
      await node.stop()
    }
  }
}

/** Hits and links name peers themselves, so a network that cannot be joined is no end then. */
async function joinWhereNeeded(
  node: Node<Services>,
  { what, peers }: GetSource,
  context: Context
): Promise<void> {
  const named = peers.length > 0 || ('peers' in what && what.peers.length > 0)
  await joinNetwork(node, context).catch((error: unknown) => {
    context.signal.throwIfAborted()
    if (!named) throw error
    context.output.warn((error as Error).message)
  })
}

async function begin(
  node: Node<Services>,
  { what, peers }: GetSource,
  { args, settings, output, signal }: Context
): Promise<Transfer> {
  const folder = outFolder(args.text('out'))
  const journal = new DataFolder(settings.data).file('journals')
  const select = selectionOf(args.list('files'))
  return node.services.swarm.add(what, {
    peers,
    signal,
    ...(select && { select }),
    order: args.has('sequential') ? 'sequential' : 'rarest-first',
    rateLimits: rateLimitsOf(args),
    storage: (torrent) => {
      assertSelected(torrent, select)
      return storageFor(torrent, folder, {
        journal,
        onCheck: ({ checked, total }) => {
          const line = `checking what is here: ${checked} of ${count(total, 'piece')}`
          output.progress({ checked, total }, line, performance.now())
        }
      })
    },
    onProgress: (progress) => {
      output.progress(progressFields(progress), progressLine(progress), performance.now())
    }
  })
}

function rateLimitsOf(args: Arguments): RateLimits {
  const [down, up] = ['limit-down', 'limit-up'].map((flag) => {
    const limit = args.bytes(flag)
    if (limit !== 0) return limit
    throw new UsageError(`--${flag} 0 would let nothing through; leave it out for no limit`)
  })
  return { ...(down && { down }), ...(up && { up }) }
}

function outFolder(out = '.'): string {
  return resolve(out)
}

/** Counts what came from others, as against what was here. */
class Tally {
  readonly transfer: Transfer
  /** pieces fetched in this run */
  fetched = 0
  /** pieces whose hash was wrong */
  rejected = 0

  constructor(transfer: Transfer) {
    this.transfer = transfer
    transfer.addEventListener('piece:verify', () => void this.fetched++)
    transfer.addEventListener('piece:reject', () => void this.rejected++)
  }
}

function tell(torrent: Torrent, tally: Tally, { args, output }: Context): void {
  const { id, name, length, pieceCount } = torrent
  const { fetched, rejected } = tally
  const path = join(outFolder(args.text('out')), name)
  const sources = tally.transfer
    .sourcesOf()
    .map(({ peer, pieces }) => ({ peer: peer.toString(), pieces }))
  const { pieces: here, wanted } = tally.transfer.progress
  const kept = here - fetched
  output.end()
  const fields = { id, name, path, length, wanted, pieceCount, fetched, kept, rejected, sources }
  output.result(
    'done',
    fields,
    `${name}: ${formatBytes(wanted)}${wanted < length ? ` of ${formatBytes(length)}` : ''}, verified`,
    ...sources.map(({ peer, pieces }) => `  ${count(pieces, 'piece')} from ${peer}`),
    ...(kept > 0 ? [`  ${count(kept, 'piece')} here already`] : []),
    `saved as ${path}`
  )
}

function tellStopped({ progress }: Transfer, output: Context['output']): void {
  const { pieces, pieceCount } = progress
  const line = `${pieces} of ${pieceCount} pieces are here; the same command goes on from there`
  output.note('kept', { pieces, pieceCount }, line)
}
