import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as digest from 'multiformats/hashes/digest'
import { sha256 } from '../hash.ts'

const sha256Code = 0x12

/**
 * What a torrent is noted under: the CID of a raw block with its info-hash in it. By SHA-256 whatever
 * the torrent's version, for `@libp2p/kad-dht` 16 takes provider records of no other hash: it reads
 * their key, a bare multihash, as a CID of version 0.
 *
 * @param infoHash the 20 bytes a handshake has
 */
export function torrentCid(infoHash: Uint8Array): CID {
  return CID.createV1(raw.code, digest.create(sha256Code, sha256(infoHash)))
}
