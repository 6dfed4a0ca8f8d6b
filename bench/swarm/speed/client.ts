import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** How to start one kind of client: it gets a role, a .torrent and a folder behind this. */
export interface Kind {
  readonly name: string
  readonly command: readonly string[]
  /** what stands behind the folder */
  readonly extra?: readonly string[]
}

const here = import.meta.dirname
const node = [process.execPath, '--conditions=@peerage/source']

/** As the `peerage` command runs, see packages/swarm/README.md: Node looks after buffers soon. */
export const peerage: Kind = {
  name: 'Peerage, encrypted',
  command: [...node, '--max-semi-space-size=2', join(here, 'peerage-peer.ts')]
}

export const peerageByDefault: Kind = {
  name: '… by Node’s defaults',
  command: [...node, join(here, 'peerage-peer.ts')]
}

export function webtorrent(folder: string): Kind {
  const command = [process.execPath, join(here, 'webtorrent-peer.ts')]
  return { name: 'WebTorrent, plain', command, extra: [folder] }
}

export function libtorrent(encryption: 'off' | 'rc4'): Kind {
  const name = `libtorrent, ${encryption === 'rc4' ? 'RC4' : 'plain'}`
  // Debian's module belongs to Debian's own interpreter
  return {
    name,
    command: ['/usr/bin/python3', join(here, 'libtorrent-peer.py')],
    extra: [encryption]
  }
}

export function hasLibtorrent(): boolean {
  const [program = ''] = libtorrent('off').command
  return spawnSync(program, ['-c', 'import libtorrent'], { stdio: 'ignore' }).status === 0
}

/** One running client: prints `READY address`, takes `GO address …`, prints `DONE`, takes `QUIT`. */
export class Client {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(
    { command, extra = [] }: Kind,
    role: 'seed' | 'leech' | 'gateway',
    torrent: string,
    folder: string
  ) {
    const [program = '', ...flags] = command
    const stdio = ['pipe', 'pipe', 'inherit'] as const
    this.#child = spawn(program, [...flags, role, torrent, folder, ...extra], { stdio: [...stdio] })
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  /** The rest of the next line that starts with `word`. */
  async hear(word: 'READY' | 'DONE'): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) throw new Error(`a client ended before it said ${word}`)
      if (value.startsWith(word)) return value.slice(word.length).trim()
    }
  }

  say(line: string): void {
    this.#child.stdin!.write(`${line}\n`)
  }

  /** CPU seconds of all its threads so far (proc(5), in ticks of 10 ms). */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
      .split(') ')
      .at(-1)!
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => {
      this.#child.once('exit', resolve)
    })
    this.say('QUIT')
    await gone
  }
}
