import { describe, expect, test } from 'vitest'
import { Catalog, type Item, matches, type Query } from '../src/index.ts'
import { limits } from '../src/limits.ts'
import { item } from './items.ts'

const song = item({
  id: 'song',
  name: 'Träumerei.flac',
  size: 20,
  type: 'audio',
  attributes: { artist: 'Clara Schumann', year: '1838' }
})
const film = item({ id: 'film', name: 'Clara, a film.mkv', size: 900, type: 'video' })

function catalogOf(...items: Item[]): Catalog {
  const catalog = new Catalog()
  for (const one of items) catalog.add(one)
  return catalog
}

function many(count: number, some: Partial<Item> = {}): Item[] {
  return Array.from({ length: count }, (_, nth) => item({ id: `${nth}`, ...some }))
}

describe('a query', () => {
  test.each<[Query, string[]]>([
    [{ words: 'clara' }, ['song', 'film']],
    [{ words: 'CLÁRA film' }, ['film']],
    [{ words: 'traumerei schumann' }, ['song']],
    [{ words: '1838' }, ['song']],
    [{ words: 'artist' }, []],
    [{ words: 'clara bach' }, []],
    [{ words: 'clar' }, []],
    [{ words: 'clara', type: 'audio' }, ['song']],
    [{ words: 'clara', minSize: 21 }, ['film']],
    [{ words: 'clara', minSize: 20, maxSize: 20 }, ['song']],
    [{ words: 'clara', minSize: 21, maxSize: 20 }, []],
    [{ words: 'clara', limit: 1 }, ['song']],
    [{ words: 'clara', limit: 0 }, []],
    [{ words: 'clara', limit: -3 }, []],
    [{ words: '' }, ['song', 'film']],
    [{ words: ' ', type: 'video' }, ['film']],
    [{ words: '?!' }, []]
  ])('%j finds %j', (query, expected) => {
    expect(
      catalogOf(song, film)
        .query(query)
        .map(({ id }) => id)
    ).toEqual(expected)
    const { limit, ...unlimited } = query
    if (limit === undefined) {
      expect([song, film].filter((one) => matches(one, unlimited)).map(({ id }) => id)).toEqual(
        expected
      )
    }
  })

  test('gives the item as it was added', () => {
    expect(catalogOf(song).query({ words: 'schumann' })).toEqual([song])
  })

  test('gives 50 items unless it says how many, and never more than 1,000', () => {
    const catalog = catalogOf(...many(limits.maxResults + 1))
    expect(catalog.query({ words: 'name' })).toHaveLength(limits.defaultResults)
    expect(catalog.query({ words: 'name', limit: Number.NaN })).toHaveLength(50)
    expect(catalog.query({ words: 'name', limit: 51.9 })).toHaveLength(51)
    expect(catalog.query({ words: 'name', limit: 1_000 })).toHaveLength(limits.maxResults)
    expect(catalog.query({ words: '', limit: Infinity })).toHaveLength(limits.maxResults)
  })

  test('gives an item once, however many have it', () => {
    const catalog = new Catalog()
    for (const owner of ['a', 'b', 'c']) catalog.add(song, owner)
    catalog.add(film, 'c')
    expect(catalog.query({ words: 'clara', limit: 2 })).toEqual([song, film])
  })

  test('looks at no more items than it may, so that filters cannot stall a node', () => {
    const catalog = new Catalog({ limits: { maxExamined: 3 } })
    for (const one of many(5)) catalog.add({ ...one, size: Number(one.id) })
    for (const words of ['name', '']) {
      expect(catalog.query({ words, minSize: 2 })).toHaveLength(1)
      expect(catalog.query({ words, minSize: 3 })).toHaveLength(0)
    }
  })

  test('that is too long throws, or comes back as an error value', () => {
    const words = 'a b c d e f g h i j k l m'
    const catalog = catalogOf(song)
    expect(() => catalog.query({ words })).toThrow('13 words')
    expect(catalog.tryQuery({ words })).toMatchObject({ name: 'QueryTooLongError' })
    expect(matches(song, { words })).toBe(false)
  })
})

describe('an owner', () => {
  test('has its own copy of an item under its own name', () => {
    const catalog = new Catalog()
    catalog.add(item({ name: 'ours' }))
    catalog.add(item({ name: 'theirs' }), 'peer')
    expect(catalog.size).toBe(2)
    expect(catalog.owners('id')).toEqual(['peer', ''])
    expect(catalog.get('id')?.name).toBe('ours')
    expect(catalog.query({ words: 'theirs' })).toHaveLength(1)
    expect([...catalog].map(({ owner }) => owner)).toEqual(['', 'peer'])
  })

  test('replaces what it held under the same id', () => {
    const catalog = catalogOf(item({ name: 'before' }))
    catalog.add(item({ name: 'after' }))
    expect(catalog.size).toBe(1)
    expect(catalog.query({ words: 'before' })).toEqual([])
    expect(catalog.query({ words: 'after' })).toHaveLength(1)
  })

  test('removes its own items and no other', () => {
    const catalog = catalogOf(song)
    catalog.add(song, 'peer')
    expect(catalog.remove('song', 'nobody')).toBe(false)
    expect(catalog.remove('song')).toBe(true)
    expect(catalog.remove('song')).toBe(false)
    expect(catalog.owners('song')).toEqual(['peer'])
    expect(catalog.get('song')).toEqual(song)
  })

  test('that is dropped takes all it held along', () => {
    const catalog = catalogOf(song)
    catalog.add(song, 'peer')
    catalog.add(film, 'peer')
    expect(catalog.dropOwner('peer')).toBe(2)
    expect(catalog.dropOwner('peer')).toBe(0)
    expect(catalog.owners('song')).toEqual([''])
    expect(catalog.get('film')).toBeUndefined()
    expect(catalog.query({ words: 'film' })).toEqual([])
    catalog.add(film, 'peer')
    expect(catalog.owners('film')).toEqual(['peer'])
    catalog.check()
  })
})

describe('what is kept', () => {
  test('is a copy, without fields that are no part of an item', () => {
    const attributes: Record<string, string> = { artist: 'Bach' }
    const given = { ...item({ attributes }), secret: 'x' }
    const catalog = catalogOf(given)
    attributes['artist'] = 'Brahms'
    expect(catalog.get('id')).toEqual(item({ attributes: { artist: 'Bach' } }))
    expect(catalog.get('id')).not.toHaveProperty('secret')
    catalog.check()
  })

  test('is found by its first 64 words', () => {
    const name = Array.from({ length: limits.maxItemTokens + 1 }, (_, nth) => `w${nth}`).join(' ')
    const catalog = catalogOf(item({ name }))
    expect(catalog.query({ words: 'w63' })).toHaveLength(1)
    expect(catalog.query({ words: 'w64' })).toHaveLength(0)
    expect(matches(item({ name }), { words: 'w64' })).toBe(false)
  })
})

describe('a full catalog', () => {
  test('refuses items past its total, and still replaces', () => {
    const catalog = new Catalog({ limits: { maxItems: 2 } })
    catalog.add(item({ id: '1' }))
    catalog.add(item({ id: '2' }), 'peer')
    expect(() => catalog.add(item({ id: '3' }))).toThrow(
      'the catalog has reached 2 items; remove some or raise maxItems'
    )
    catalog.add(item({ id: '1', name: 'other' }))
    expect(catalog.get('1')?.name).toBe('other')
    catalog.remove('2', 'peer')
    catalog.add(item({ id: '3' }))
    expect(catalog.size).toBe(2)
  })

  test('refuses items past an owner’s share, but our own have none', () => {
    const catalog = new Catalog({ limits: { maxItemsPerOwner: 2 } })
    for (const one of many(3)) catalog.add(one)
    for (const one of many(2)) catalog.add(one, 'peer')
    expect(catalog.tryAdd(item({ id: '2' }), 'peer')).toMatchObject({
      name: 'CatalogFullError',
      message: 'the items of peer have reached 2; remove some or raise maxItemsPerOwner'
    })
    expect(catalog.tryAdd(item({ id: '1' }), 'peer')).toBeUndefined()
    expect(catalog.tryAdd(item({ id: '2' }), 'other')).toBeUndefined()
  })

  test('refuses items past its memory', () => {
    const catalog = new Catalog({ limits: { maxBytes: 10_000 } })
    const refused = many(100).find((one) => catalog.tryAdd(one) !== undefined)
    expect(refused).toBeDefined()
    expect(catalog.bytes).toBeLessThanOrEqual(10_000)
    expect(catalog.tryAdd(refused!)?.message).toMatch(/has reached 10000 bytes/)
    catalog.remove('0')
    expect(catalog.tryAdd(refused!)).toBeUndefined()
  })

  test('refuses a bad item in place of a good one, and keeps the good one', () => {
    const catalog = catalogOf(item())
    expect(() => catalog.add(item({ size: -1 }))).toThrow('not a whole number of bytes')
    expect(catalog.get('id')?.size).toBe(1)
  })
})

describe('removed items', () => {
  test('give their memory back as others come and go', () => {
    const catalog = new Catalog({ limits: { minDead: 16, compactStep: 64 } })
    const held: number[] = []
    for (let round = 0; round < 60; round++) {
      for (const one of many(50)) catalog.add({ ...one, name: `r${round}x${one.id}` }, 'peer')
      held.push(catalog.bytes)
      catalog.dropOwner('peer')
    }
    expect(Math.max(...held)).toBeLessThan(held[0]! * 4)
    // each round pays for the one before, so no more than two of sixty are left to clear up
    expect(stepsToCompact(catalog)).toBeLessThanOrEqual(101)
    catalog.check()
  })

  test('give it all back when there is time', () => {
    const catalog = new Catalog()
    for (const [nth, one] of many(1_000).entries()) {
      catalog.add({ ...one, name: `file ${nth}` }, `peer-${nth % 10}`)
    }
    for (let nth = 0; nth < 10; nth++) catalog.dropOwner(`peer-${nth}`)
    expect(stepsToCompact(catalog)).toBeGreaterThan(1)
    expect(catalog.bytes).toBe(0)
    expect(catalog.compact()).toBe(false)
    catalog.check()
  })
})

function stepsToCompact(catalog: Catalog): number {
  let steps = 1
  while (catalog.compact()) steps++
  return steps
}
