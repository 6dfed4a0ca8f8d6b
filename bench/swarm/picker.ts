// Shows: what the picker costs at 10,000 pieces and 50 peers: a pick, a new peer's bitfield, a have.
// Run:   npx -c 'node --conditions=@peerage/source bench/swarm/picker.ts'
import { Bitfield, Picker } from '@peerage/swarm'
import { seededRandom } from '@peerage/testbed'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    pieces: { type: 'string', default: '10000' },
    peers: { type: 'string', default: '50' }
  }
})
const [pieceCount, peerCount] = [Number(values.pieces), Number(values.peers)]
const random = seededRandom(1)
const blocks = 16

/** Every peer has about half of everything. */
function half(): Bitfield {
  const pieces = new Bitfield(pieceCount)
  for (let piece = 0; piece < pieceCount; piece++) if (random.below(2) === 0) pieces.add(piece)
  return pieces
}

/** Past its random first pieces, with peers that each have half. */
function crowd(): { picker: Picker; peers: string[] } {
  const have = new Bitfield(pieceCount)
  for (let piece = 0; piece < 4; piece++) have.add(piece)
  const picker = new Picker({ pieceCount, blocksIn: () => blocks, random, have })
  const peers = Array.from({ length: peerCount }, (_, i) => `peer-${i}`)
  for (const peer of peers) picker.addPeer(peer, half())
  return { picker, peers }
}

/** Fetches everything block by block, each peer in its turn. @returns microseconds a pick */
function pickAll(): { pick: number; verify: number; picks: number } {
  const { picker, peers } = crowd()
  let [picks, picking, verifying, verified] = [0, 0, 0, 0]
  for (let idle = 0, i = 0; idle < peers.length; i++) {
    const peer = peers[i % peers.length]!
    const start = performance.now()
    const picked = picker.pick(peer, 1)
    picking += performance.now() - start
    picks++
    idle = picked.length > 0 ? 0 : idle + 1
    for (const ref of picked) {
      picker.received(peer, ref)
      if (!picker.isWhole(ref.piece)) continue
      const before = performance.now()
      picker.verified(ref.piece)
      verifying += performance.now() - before
      verified++
    }
  }
  return { pick: (picking * 1_000) / picks, verify: (verifying * 1_000) / verified, picks }
}

/** @returns microseconds, the median of many */
function median(rounds: number, prepare: () => () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const run = prepare()
    const start = performance.now()
    run()
    return (performance.now() - start) * 1_000
  })
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!
}

pickAll()
const { pick, verify, picks } = pickAll()
const { picker } = crowd()
let joined = 0
const bitfield = median(400, () => {
  const pieces = half()
  const peer = `new-${joined++}`
  if (joined > 1) picker.removePeer(`new-${joined - 2}`)
  return () => {
    picker.addPeer(peer, pieces)
  }
})
// the buckets are sorted anew when they are next looked at
const sorted = median(400, () => {
  picker.removePeer('peer-1')
  picker.addPeer('peer-1', half())
  return () => {
    for (const ref of picker.pick('peer-0', 1)) picker.release('peer-0', ref)
  }
})
const have = median(5_000, () => {
  const piece = random.below(pieceCount)
  return () => {
    picker.peerHas('peer-0', piece)
  }
})

const row = (name: string, micros: number, target: string): void => {
  console.log(`${name.padEnd(34)} ${micros.toFixed(2).padStart(8)} µs   ${target}`)
}
console.log(`${pieceCount} pieces, ${peerCount} peers that have half each, ${picks} picks`)
row('pick, one block at a time', pick, 'target 4')
row('bitfield of a new peer', bitfield, 'target 100')
row('the first pick after it', sorted, '')
row('have', have, '')
row('piece verified', verify, '')
