import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export interface LibtorrentHashes {
  v1: string | null
  v2: string | null
}

interface Asked {
  create?: { path: string; version: string; piece_length: number }[]
  /** `.torrent` files in hexadecimal */
  read?: string[]
}

interface Answer {
  created: LibtorrentHashes[]
  read: (LibtorrentHashes | { error: string })[]
}

const script = join(import.meta.dirname, 'ask-libtorrent.py')

/** Debian's package is for the system's Python, whichever comes first in the path. */
const python = ['python3', '/usr/bin/python3'].find((path) => {
  try {
    execFileSync(path, ['-c', 'import libtorrent'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

/** Whether Debian's `python3-libtorrent` is installed; a line says so when it is not. */
export const hasLibtorrent = python !== undefined
if (!hasLibtorrent) console.log('skipped: python3-libtorrent is not installed')

/** What libtorrent says. */
export function askLibtorrent(asked: Asked): Answer {
  const out = execFileSync(python!, [script], { input: JSON.stringify(asked) })
  return JSON.parse(String(out)) as Answer
}
