import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { queryTokens, QueryTooLongError, tokenize, tryQueryTokens } from '../src/index.ts'
import { limits } from '../src/limits.ts'

const bytes = (text: string): number => new TextEncoder().encode(text).length

describe('tokens', () => {
  test.each([
    ['01 - Clara_Schumann (live).MP3', ['01', 'clara', 'schumann', 'live', 'mp3']],
    ['Łódź Ærø Straße Þór Ħal', ['lodz', 'aero', 'strasse', 'thor', 'hal']],
    ['İstanbul ıssız', ['istanbul', 'issiz']],
    ['ΟΔΟΣ οδός', ['οδοσ']],
    ['Ёлка й', ['елка', 'и']],
    ['ﬁne ２０ ① Ⅷ', ['fine', '20', '1', 'viii']],
    ['한국 がガ', ['한국', 'がガ']],
    ['हिन्दी ไทย', ['हिन्दी', 'ไทย']],
    ['مُحَمَّد', ['محمد']],
    ['so\u00adft zero\u200dwidth\u200b', ['soft', 'zerowidth']],
    ['a a A á', ['a']],
    ['\ud800a\udc00', ['a']],
    [' -_.,!?“”♥ ', []],
    ['', []]
  ])('of %j are %j', (text, expected) => {
    expect(tokenize(text)).toEqual(expected)
  })

  test('are the same for composed and decomposed text', () => {
    for (const text of ['Zoë', '한국어', 'Ǘ', 'ガギ', 'việt']) {
      expect(tokenize(text.normalize('NFD'))).toEqual(tokenize(text.normalize('NFC')))
    }
  })

  test('are cut at 64 bytes, between code points', () => {
    expect(tokenize('x'.repeat(limits.maxToken))).toEqual(['x'.repeat(64)])
    expect(tokenize('x'.repeat(limits.maxToken + 1))).toEqual(['x'.repeat(64)])
    expect(tokenize(`x${'한'.repeat(40)}`)).toEqual([`x${'한'.repeat(21)}`])
    expect(tokenize(`xx${'𐐀'.repeat(40)}`)).toEqual([`xx${'𐐨'.repeat(15)}`])
  })

  test('of any text are distinct, short, and their own tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const tokens = tokenize(text)
        expect(new Set(tokens).size).toBe(tokens.length)
        for (const token of tokens) {
          expect(bytes(token)).toBeLessThanOrEqual(limits.maxToken)
          expect(tokenize(token)).toEqual([token])
        }
      })
    )
  })

  test('of plain text do not depend on what else is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(tokenize(`${text} é`)).toEqual([...new Set([...tokenize(text), 'e'])])
      })
    )
  })
})

describe('a hundred kilobytes', () => {
  const kilobytes = 100
  test.each([
    ['of one word', 'x'],
    ['of short words', 'ab '],
    ['of accents in two orders', '\u0301\u0316'],
    ['of Hebrew points', '\u05B0\u05C2\u05B1'],
    ['of letters with as many accents as are kept', `a${'\u0301\u0316'.repeat(14)}`],
    ['of marks that decompose into marks', '\u0344\u0316'],
    ['of the longest decomposition there is', '\uFDFA'],
    ['of Hangul', '한'],
    ['of capital sigmas', "Σ'"],
    ['of half surrogates', '\uD800']
  ])('%s takes at most a millisecond for each kilobyte', (_, piece) => {
    const text = `é${piece.repeat((kilobytes * 1024) / bytes(piece))}`
    // the best of a few: a busy machine makes one run slow, quadratic work makes all of them slow
    let best = Infinity
    for (let run = 0; run < 20 && best > kilobytes; run++) {
      const start = performance.now()
      tokenize(text)
      best = Math.min(best, performance.now() - start)
    }
    expect(best).toBeLessThanOrEqual(kilobytes)
  })
})

describe('a query', () => {
  test('has at most 12 words', () => {
    const words = Array.from({ length: 12 }, (_, nth) => `w${nth}`)
    expect(queryTokens(words.join(' '))).toEqual(words)
    expect(queryTokens([...words, 'W0'].join(' '))).toEqual(words)
    const tooMany = [...words, 'more'].join(' ')
    expect(() => queryTokens(tooMany)).toThrow(QueryTooLongError)
    expect(() => queryTokens(tooMany)).toThrow(
      'the query has 13 words and 12 are the most; leave some out'
    )
  })

  test('has at most 256 bytes', () => {
    expect(queryTokens('é'.repeat(limits.maxQueryText / 2))).toHaveLength(1)
    expect(tryQueryTokens(`${'é'.repeat(limits.maxQueryText / 2)}x`)).toMatchObject({
      name: 'QueryTooLongError'
    })
  })

  test('that is too long comes back as an error value where peers send it', () => {
    expect(tryQueryTokens('x '.repeat(1024 * 1024))).toBeInstanceOf(QueryTooLongError)
    expect(tryQueryTokens('two words')).toEqual(['two', 'words'])
  })
})
