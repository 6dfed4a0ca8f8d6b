import { WireError } from '@peerage/wire'
import { BencodeError } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeBencode, type Bencode } from './bencode.ts'
import { encodeBencode } from './bencode-encode.ts'
import { binaryString } from './bytes.ts'
import { isDictionary } from './fields.ts'

/** The number by which peers send us `pg_pex`, which tells of other peers. */
export const ourPexId = 3

/** Who has come and gone since the last one. */
export interface PexMessage {
  /** signed envelopes of libp2p peer records, not opened yet */
  added: readonly Uint8Array[]
  /** peer ids as text */
  dropped: readonly string[]
}

const { peers: most, record, id: longestId } = limits.pex

export function encodePex({ added, dropped }: PexMessage): Uint8Array {
  return encodeBencode({ added, dropped })
}

/** Lists that are not there are empty. */
export function decodePex(payload: Uint8Array): PexMessage | WireError {
  const decoded = decodeBencode(payload, limits.bencode.peer)
  if (decoded instanceof BencodeError) {
    const message = `the pg_pex message is damaged: ${decoded.message}`
    return new WireError(message, { cause: decoded })
  }
  if (!isDictionary(decoded.value)) return new WireError('a pg_pex message is no dictionary')
  const added = strings(decoded.value['added'], record)
  const dropped = strings(decoded.value['dropped'], longestId)
  if (added === undefined || dropped === undefined) {
    return new WireError(`a pg_pex message has more than ${most} peers in a list, or no peers`)
  }
  return { added, dropped: dropped.map(binaryString) }
}

function strings(list: Bencode | undefined, longest: number): Uint8Array[] | undefined {
  if (list === undefined) return []
  if (!Array.isArray(list) || list.length > most) return undefined
  const good = list.filter((item) => item instanceof Uint8Array && item.length <= longest)
  return good.length === list.length ? (good as Uint8Array[]) : undefined
}
