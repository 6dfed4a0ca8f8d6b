import { noise } from '@peerage/testbed'
import type { Effect, PeerKey } from '@peerage/wire'
import { seededRandom } from '@peerage/testbed'
import { describe, expect, test } from 'vitest'
import { ourReserved, speaksV2, type Handshake } from '../src/codec/handshake.ts'
import { TorrentCore } from '../src/core/torrent.ts'
import type { TorrentVocabulary } from '../src/core/vocabulary.ts'
import { limits } from '../src/limits.ts'

const v1 = noise(20, 1)
const infoHashV2 = noise(32, 2)
const v2 = infoHashV2.slice(0, 20)
const peerId = noise(20, 3)

const known = {
  'version 1': { infoHash: v1 },
  'version 2': { infoHash: v2, infoHashV2 },
  'a hybrid': { infoHash: v1, infoHashV2 }
}
type Known = keyof typeof known

/** A magnet's core, and what it says to whom. */
class Door {
  effects: Effect<TorrentVocabulary>[] = []
  readonly #core: TorrentCore
  #now = 0

  constructor(of: Known) {
    this.#core = new TorrentCore({ ...known[of], peerId, random: seededRandom(1) })
  }

  up(peer: PeerKey, direction: 'inbound' | 'outbound'): this {
    return this.#handle({ type: 'up', peer, direction, limited: false })
  }

  down(peer: PeerKey): this {
    return this.#handle({ type: 'down', peer })
  }

  says(peer: PeerKey, infoHash: Uint8Array, hybrid: boolean): this {
    const frame = { infoHash, peerId, reserved: ourReserved({ hybrid }) }
    return this.#handle({ type: 'frame', peer, frame: { type: 'handshake', ...frame } })
  }

  get handshakes(): Handshake[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'send' && effect.frame.type === 'handshake' ? [effect.frame] : []
    )
  }

  get offence(): number {
    return this.effects.reduce((sum, it) => sum + (it.type === 'score' ? it.offence : 0), 0)
  }

  #handle(input: Parameters<TorrentCore['handle']>[1]): this {
    this.#core.handle((this.#now += 1_000), input, (effect) => this.effects.push(effect))
    return this
  }
}

describe('a peer that comes', () => {
  test('is told nothing before it has said which torrent it means', () => {
    expect(new Door('version 1').up('peer', 'inbound').effects).not.toContainEqual(
      expect.objectContaining({ type: 'send' })
    )
  })

  test.each<[Known, Uint8Array, boolean, Uint8Array | undefined]>([
    ['version 1', v1, false, v1],
    ['version 1', v1, true, v1],
    ['version 1', v2, false, undefined],
    ['version 2', v2, false, v2],
    ['version 2', v1, true, undefined],
    ['a hybrid', v1, false, v1],
    // the upgrade of BEP 52
    ['a hybrid', v1, true, v2],
    ['a hybrid', v2, false, v2],
    ['a hybrid', noise(20, 9), true, undefined]
  ])('is answered by %s as it asked, or better: %#', (of, asked, hybrid, answer) => {
    const door = new Door(of).up('peer', 'inbound').says('peer', asked, hybrid)
    expect(door.handshakes.map(({ infoHash }) => infoHash)).toEqual(answer ? [answer] : [])
    expect(door.offence).toBe(answer ? 0 : limits.trust.breach)
    for (const { reserved } of door.handshakes) expect(speaksV2(reserved)).toBe(of === 'a hybrid')
  })
})

describe('a peer that is gone to', () => {
  test.each<[Known, Uint8Array, Uint8Array, boolean]>([
    ['version 1', v1, v1, true],
    ['version 1', v1, v2, false],
    ['version 2', v2, v2, true],
    ['a hybrid', v1, v1, true],
    ['a hybrid', v1, v2, true],
    ['a hybrid', v1, noise(20, 9), false]
  ])(
    'is called by %s by its oldest hash, and may answer by the newest: %#',
    (of, call, answer, good) => {
      const door = new Door(of).up('peer', 'outbound')
      expect(door.handshakes).toMatchObject([{ infoHash: call }])
      expect(speaksV2(door.handshakes[0]!.reserved)).toBe(of === 'a hybrid')
      expect(door.says('peer', answer, true).offence).toBe(good ? 0 : limits.trust.breach)
      expect(door.handshakes).toHaveLength(1)
    }
  )

  test('and hangs up on one hash of a hybrid is called by the other, turn about', () => {
    const door = new Door('a hybrid')
    for (let i = 0; i < 3; i++) door.up('peer', 'outbound').down('peer')
    expect(door.handshakes.map(({ infoHash }) => infoHash)).toEqual([v1, v2, v1])
    door.up('other', 'outbound').says('other', v1, false).down('other').up('other', 'outbound')
    expect(door.handshakes.slice(3).map(({ infoHash }) => infoHash)).toEqual([v1, v1])
  })

  test('and is called by version 2 does not answer by version 1', () => {
    const door = new Door('a hybrid').up('peer', 'outbound').down('peer').up('peer', 'outbound')
    expect(door.says('peer', v1, true).offence).toBe(limits.trust.breach)
  })
})
