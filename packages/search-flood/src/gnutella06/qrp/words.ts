import { tokenize } from '@peerage/catalog'
import { limits } from '../limits.ts'

const { minWord, shortenedBy } = limits.routeTable

/** The words of a query that a route table is asked for: without accents, in lower case, not too short. */
export function queryWords(text: string): string[] {
  return tokenize(text).filter((word) => [...word].length >= minWord)
}

/**
 * The words a file is found by: those of its name, and each without its last letter, last two and
 * last three, for people search for "train" and mean "trains".
 */
export function fileWords(name: string): string[] {
  return [...new Set(queryWords(name).flatMap(shortened))]
}

function shortened(word: string): string[] {
  const letters = [...word]
  const shortest = Math.max(minWord, letters.length - shortenedBy)
  const forms: string[] = []
  for (let end = letters.length; end >= shortest; end--) forms.push(letters.slice(0, end).join(''))
  return forms
}
