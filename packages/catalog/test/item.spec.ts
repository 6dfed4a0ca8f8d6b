import { describe, expect, test } from 'vitest'
import { checkItem, type Item, mediaTypeOf, mediaTypes } from '../src/index.ts'
import { limits } from '../src/limits.ts'
import { item } from './items.ts'

describe('an item', () => {
  const attribute = (key: number, value: number): Item =>
    item({ attributes: { ['k'.repeat(key)]: 'v'.repeat(value) } })
  const attributes = (count: number): Item =>
    item({ attributes: Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}`, ''])) })

  test.each<[string, Item, Item]>([
    ['id', item({ id: 'é'.repeat(limits.maxId / 2) }), item({ id: 'x'.repeat(limits.maxId + 1) })],
    ['id', item({ id: 'x' }), item({ id: '' })],
    ['name', item({ name: 'x'.repeat(1024) }), item({ name: `${'é'.repeat(512)}x` })],
    ['name', item({ name: ' ' }), item({ name: '' })],
    ['size', item({ size: 0 }), item({ size: -1 })],
    ['size', item({ size: Number.MAX_SAFE_INTEGER }), item({ size: 2 ** 53 })],
    ['size', item({ size: 1 }), item({ size: 1.5 })],
    ['size', item({ size: 1 }), item({ size: Number.NaN })],
    ['attributes', attributes(limits.maxAttributes), attributes(limits.maxAttributes + 1)],
    ['key', attribute(limits.maxAttributeKey, 0), attribute(limits.maxAttributeKey + 1, 0)],
    [
      'attribute',
      attribute(1, limits.maxAttributeValue),
      attribute(1, limits.maxAttributeValue + 1)
    ]
  ])('is refused when its %s breaks the bound', (field, good, bad) => {
    expect(checkItem(good)).toBeUndefined()
    expect(checkItem(bad)).toMatchObject({ name: 'InvalidItemError' })
    expect(checkItem(bad)?.message).toContain(field)
  })

  test('is quoted in short, however long a peer made it', () => {
    expect(checkItem(item({ name: 'x'.repeat(1024 * 1024) }))?.message.length).toBeLessThan(120)
  })
})

describe('the media type', () => {
  test.each([
    ['song.mp3', 'audio'],
    ['Film.2026.MKV', 'video'],
    ['a.jpeg', 'image'],
    ['paper.pdf', 'document'],
    ['all.tar.gz', 'archive'],
    ['setup.exe', 'program'],
    ['README', 'other'],
    ['mp3', 'other'],
    ['odd.constructor', 'other'],
    ['dot.', 'other'],
    ['', 'other']
  ])('of %j is %s', (name, type) => {
    expect(mediaTypeOf(name)).toBe(type)
  })

  test('is one of seven', () => {
    expect(mediaTypes).toEqual([
      'audio',
      'video',
      'image',
      'document',
      'archive',
      'program',
      'other'
    ])
  })
})
