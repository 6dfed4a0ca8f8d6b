import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { Arguments } from './arguments.ts'
import { UsageError } from './errors.ts'

/** What the flags of every command come to. */
export interface Settings {
  /** peers to join the network by */
  readonly join: readonly Multiaddr[]
  /** a key file named by the user; without one, see `chooseIdentity` */
  readonly identity: string | undefined
  /** the folder for what is kept between runs; absolute */
  readonly data: string
  readonly listen: readonly Multiaddr[]
  readonly mdns: boolean
  readonly neighbours: { readonly min: number; readonly max: number } | undefined
}

/** @throws UsageError */
export function readSettings(
  args: Arguments,
  env: Readonly<Record<string, string | undefined>>
): Settings {
  const { XDG_DATA_HOME, HOME = homedir() } = env
  const port = args.integer('port', 0, 65_535) ?? 0
  const listen = args.list('listen').map((text) => readMultiaddr('listen', text))
  if (listen.length > 0 && args.has('port')) {
    throw new UsageError('--port and --listen both say where to listen; give one of them')
  }
  const identity = args.text('identity')
  return {
    join: args.list('join').map((text) => readMultiaddr('join', text)),
    identity: identity === undefined ? undefined : resolve(identity),
    data: resolve(
      args.text('data') ?? join(XDG_DATA_HOME ?? join(HOME, '.local/share'), 'peerage')
    ),
    listen: listen.length > 0 ? listen : [multiaddr(`/ip4/0.0.0.0/tcp/${port}`)],
    mdns: !args.has('no-mdns'),
    neighbours: readNeighbours(args.text('neighbours'))
  }
}

function readMultiaddr(flag: string, text: string): Multiaddr {
  try {
    const address = multiaddr(text)
    // reading its parts is what finds the faults
    if (address.getComponents().length > 0) return address
  } catch {
    // said below
  }
  const example = '/ip4/192.0.2.7/tcp/4001/p2p/12D3Koo…'
  throw new UsageError(`--${flag} "${text}" is no multiaddr; it should look like ${example}`)
}

function readNeighbours(text: string | undefined): Settings['neighbours'] {
  if (text === undefined) return undefined
  const [, least, most = least] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ?? []
  const [min, max] = [Number(least), Number(most)]
  if (min <= max && max >= 1 && max <= 32) return { min, max }
  throw new UsageError(
    `--neighbours takes a number or a range up to 32, such as 4-12, not "${text}"`
  )
}
