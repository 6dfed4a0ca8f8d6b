import type { Command } from '../command.ts'
import { DataFolder } from '../data-folder.ts'
import { exitCodes } from '../exit-codes.ts'
import { identityFile } from '../identity.ts'
import { loadIdentity } from '@peerage/transport'
import { openNode } from '../node.ts'

/** `peerage id` */
export const id: Command = {
  name: 'id',
  summary: 'print the peer id and the addresses a share would have',
  usage: 'id',
  example: 'peerage id --port 4001',
  operands: { least: 0, most: 0 },
  options: [],

  async run({ settings, output, signal }) {
    const file = settings.identity ?? identityFile(new DataFolder(settings.data))
    const identity = await loadIdentity({ file }, { signal })
    const node = await openNode({ settings: { ...settings, mdns: false }, identity })
    try {
      const peer = node.peerId.toString()
      const addresses = node.getMultiaddrs().map(String)
      output.result('id', { peer, addresses, identity: file }, peer, ...addresses)
      return exitCodes.ok
    } finally {
      await node.stop()
    }
  }
}
