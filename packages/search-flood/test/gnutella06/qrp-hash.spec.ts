import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileWords, qrpHash, queryWords } from '../../src/gnutella06.ts'

describe('the hash of QRP', () => {
  // QRP 1.0, appendix A
  test.each([
    ['', 13, 0],
    ['eb', 13, 6791],
    ['ebc', 13, 7082],
    ['ebck', 13, 6698],
    ['ebckl', 13, 3179],
    ['ebcklm', 13, 3235],
    ['ebcklme', 13, 6438],
    ['ebcklmen', 13, 1062],
    ['ebcklmenq', 13, 3527],
    ['', 16, 0],
    ['n', 16, 65_003],
    ['nd', 16, 54_193],
    ['ndf', 16, 4953],
    ['ndfl', 16, 58_201],
    ['ndfla', 16, 34_830],
    ['ndflal', 16, 36_910],
    ['ndflale', 16, 34_586],
    ['ndflalem', 16, 37_658],
    ['ndflaleme', 16, 45_559],
    ['ol2j34lj', 10, 318],
    ['asdfas23', 10, 503],
    ['9um3o34fd', 10, 758],
    ['a234d', 10, 281],
    ['a3f', 10, 767],
    ['3nja9', 10, 581],
    ['2459345938032343', 10, 146],
    ['7777a88a8a8a8', 10, 342],
    ['asdfjklkj3k', 10, 861],
    ['adfk32l', 10, 1011],
    ['zzzzzzzzzzz', 10, 944],
    ['3NJA9', 10, 581],
    ['3nJa9', 10, 581],
    // appendix B
    ['test', 3, 2],
    ['qrp', 3, 7]
  ])('of %j in %i bits is %i, as in the specification', (word, bits, expected) => {
    expect(qrpHash(word, bits)).toBe(expected)
  })

  test('in a table of half the size is half of it', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 32 }), (word, bits) => {
        expect(qrpHash(word, bits - 1)).toBe(Math.floor(qrpHash(word, bits) / 2))
      })
    )
  })
})

describe('words', () => {
  test('of a query have three letters and no accents', () => {
    expect(queryWords('Öl & É-Pianos: the "Blue Train" 7')).toEqual([
      'pianos',
      'the',
      'blue',
      'train'
    ])
  })

  test('of a file are filed without up to three trailing letters as well', () => {
    expect(fileWords('Trains.mp3')).toEqual(['trains', 'train', 'trai', 'tra', 'mp3'])
  })

  test('of a file include each word a query for it would have', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N} ._-]*$/u, { maxLength: 60 })
    fc.assert(
      fc.property(name, (name) => {
        expect(fileWords(name)).toEqual(expect.arrayContaining(queryWords(name)))
      })
    )
  })
})
