import { ListenError } from './errors.ts'

/** What to do about the errors an operating system gives when a port cannot be had. */
const advice: Record<string, string> = {
  EADDRINUSE:
    'is already in use: stop the program that has it, or listen on another port (0 takes any free one)',
  EACCES: 'may not be used by this user: choose a port above 1023',
  EADDRNOTAVAIL: 'is not an address of this machine: listen on one it has, or on 0.0.0.0 for all'
}

/** libp2p gives the reasons as text only, one indented block for each address. */
const block =
  /^\s*(\/\S+): .*?\b(EADDRINUSE|EACCES|EADDRNOTAVAIL|Memory address \S+ already in use|UnsupportedListenAddressError)/m

/** Makes one plain line of libp2p's error when a node could not listen; gives back any other. */
export function asListenError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'UnsupportedListenAddressesError') return error
  const [, address, reason = ''] = block.exec(error.message) ?? []
  if (address === undefined)
    return new ListenError('cannot listen on any of the addresses given', { cause: error })
  return new ListenError(`${address} ${explain(reason)}`, { cause: error })
}

function explain(reason: string): string {
  if (reason.startsWith('Memory')) return 'is already in use: choose another name'
  return (
    advice[reason] ??
    'is not an address any of the transports can listen on: check its form, or choose another profile'
  )
}
