import { TorrentError, type TorrentFault } from '../errors.ts'
import type { Bencode, BencodeDictionary } from './bencode.ts'

/** Whether a decoded value is a dictionary. */
export function isDictionary(value: Bencode | undefined): value is BencodeDictionary {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** The refusal of a torrent. */
export function refuse(fault: TorrentFault, message: string): TorrentError {
  return new TorrentError(fault, message)
}

/** The refusal for a field that is not there, or is of the wrong type. */
export function missing(field: string, value: Bencode | undefined): TorrentError {
  if (value === undefined) return refuse('field-missing', `the torrent has no "${field}"`)
  return refuse('field-type', `the torrent's "${field}" is of the wrong type`)
}
