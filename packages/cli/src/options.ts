/** A flag of the command line, as data: parsed, explained and suggested from here. */
export interface Option {
  /** without the dashes */
  readonly flag: string
  /** what its value is, for the help; a flag without one is a switch */
  readonly value?: string
  /** may be given several times */
  readonly many?: boolean
  readonly about: string
}

/** Flags every command takes; each is also read from `PEERAGE_…`, such as `PEERAGE_NO_MDNS=1`. */
export const commonOptions: readonly Option[] = [
  {
    flag: 'join',
    value: 'multiaddr',
    many: true,
    about: 'a peer to join; give several if you can'
  },
  { flag: 'port', value: 'number', about: 'TCP port to listen on (default: any free one)' },
  { flag: 'listen', value: 'multiaddr', many: true, about: 'where to listen, in place of --port' },
  { flag: 'no-mdns', about: 'neither look for peers on the local network nor be found there' },
  { flag: 'neighbours', value: 'n|least-most', about: 'neighbours to keep (default: 4-12)' },
  { flag: 'identity', value: 'file', about: 'key file of this peer (default: in the data folder)' },
  { flag: 'data', value: 'folder', about: 'what is kept between runs (default: see README)' },
  { flag: 'json', about: 'print one JSON object per line' },
  { flag: 'quiet', about: 'print results and errors only' }
]

export const helpOption: Option = { flag: 'help', about: 'print this' }

/** The environment variable that stands in for a common option. */
export function variableOf({ flag }: Option): string {
  return `PEERAGE_${flag.toUpperCase().replaceAll('-', '_')}`
}
