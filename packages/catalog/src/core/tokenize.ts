import { QueryTooLongError } from '../errors.ts'
import { limits } from '../limits.ts'
import { utf8Cut, utf8Length } from './utf8.ts'

/**
 * Canonical ordering is an insertion sort within a run of marks, so a megabyte of them would take
 * minutes. Nothing real has more than a few: UAX #15 §13 draws the line at 30 as well.
 */
const endlessMarks = /(\p{M}{30})\p{M}+/gu

/**
 * Accents, Arabic vowel signs, joiners, soft hyphens. Not the vowel signs of Indic scripts (they
 * belong to one script, so they are not "inherited") and not the voicing marks of Kana: without
 * them a word is a different word.
 */
const accents = /[[\p{Script=Inherited}\p{Default_Ignorable_Code_Point}]--[\u3099\u309A]]/gv

/** Letters people leave the stroke out of when they type, and which no decomposition takes apart. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŧ: 't',
  þ: 'th',
  ς: 'σ'
}
const plainable = new RegExp(`[${Object.keys(letters).join('')}]`, 'g')

const words = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu
const ascii = /^\p{ASCII}*$/u
const asciiWords = /[a-z0-9]+/g

/**
 * The distinct words of a text, in order: letters and digits, lower case, accents folded, each at
 * most 64 bytes. Both sides of a search do this, so `Łódź.MP3` is found by `lodz mp3`.
 *
 * Takes time in proportion to the text's length, whatever is in it.
 */
export function tokenize(text: string): string[] {
  const found = ascii.test(text) ? text.toLowerCase().match(asciiWords) : fold(text).match(words)
  if (found == null) return []
  return [...new Set(found.map((word) => utf8Cut(word, limits.maxToken)))]
}

/** NFKD takes apart what can be, accents go, NFC puts the rest (Hangul, Kana) together again. */
function fold(text: string): string {
  return text
    .replace(endlessMarks, '$1')
    .normalize('NFKD')
    .toLowerCase()
    .replace(accents, '')
    .replace(plainable, (letter) => letters[letter] ?? letter)
    .normalize('NFC')
}

/**
 * The words of a query, at most 12.
 *
 * @throws QueryTooLongError
 */
export function queryTokens(text: string): string[] {
  const tokens = tryQueryTokens(text)
  if (tokens instanceof Error) throw tokens
  return tokens
}

/** As {@link queryTokens}, with the error as a value: for queries that peers send. */
export function tryQueryTokens(text: string): string[] | QueryTooLongError {
  if (utf8Length(text, limits.maxQueryText) > limits.maxQueryText) {
    return new QueryTooLongError(
      `the query is longer than ${limits.maxQueryText} bytes; search for fewer words`
    )
  }
  const tokens = tokenize(text)
  if (tokens.length <= limits.maxQueryTokens) return tokens
  return new QueryTooLongError(
    `the query has ${tokens.length} words and ${limits.maxQueryTokens} are the most; leave some out`
  )
}
