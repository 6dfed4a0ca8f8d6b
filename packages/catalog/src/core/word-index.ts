import { Bitmap } from './bitmap.ts'
import { intersect, Postings } from './postings.ts'

/** What a word costs beside its letters and numbers: map entry, list object, array header. */
const wordOverhead = 256

/** A squeezing of every word's list, done a few words at a time. */
interface Pass {
  /** the words still to come; a Map's iterator takes words coming and going in its stride */
  readonly words: Iterator<[string, Postings]>
  /** the numbers that were dead when the pass began: free once no list can have them */
  readonly leaving: number[]
}

/**
 * Which records have which words. It hands out the records' numbers, because it alone knows when a
 * removed record's number is gone from every list and may be given to another.
 *
 * Removing sets one bit. The lists are squeezed later, word by word, by {@link compact}.
 */
export class WordIndex {
  readonly #words = new Map<string, Postings>()
  readonly #dead = new Bitmap()
  #buried: number[] = []
  #free: number[] = []
  #pass: Pass | undefined
  #next = 0
  #bytes = 0

  /** bytes, estimated */
  get bytes(): number {
    return this.#bytes
  }

  /** removed records that lists may still have */
  get dead(): number {
    return this.#buried.length + (this.#pass?.leaving.length ?? 0)
  }

  get compacting(): boolean {
    return this.#pass !== undefined
  }

  /** Indexes a record and returns its number. @param words without duplicates */
  add(words: readonly string[]): number {
    const number = this.#free.pop() ?? this.#next++
    for (const word of words) this.#insert(word, number)
    return number
  }

  /** Forgets a record that {@link add} gave this number. */
  remove(number: number): void {
    this.#dead.add(number)
    this.#buried.push(number)
  }

  /**
   * Visits the records that have all the words, until `visit` says it has enough.
   *
   * @param words at least one
   * @param most how many records of the rarest word to look at
   */
  match(
    words: readonly string[],
    most: number,
    visit: (number: number) => 'more' | 'enough'
  ): void {
    const lists: Postings[] = []
    for (const word of words) {
      const list = this.#words.get(word)
      if (list === undefined) return
      lists.push(list)
    }
    intersect(lists, most, (number) => (this.#dead.has(number) ? 'more' : visit(number)))
  }

  /**
   * Squeezes removed records out of some words' lists; returns whether any is left to squeeze.
   *
   * @param budget list entries to look at; the list that uses it up is done to its end
   */
  compact(budget: number): boolean {
    if (this.dead === 0) return false
    this.#pass ??= this.#begin()
    for (let spent = 0; spent < budget;) {
      const next = this.#pass.words.next()
      if (next.done === true) return this.#release(this.#pass, budget - spent)
      const [word, list] = next.value
      spent += list.length + 1
      this.#squeeze(word, list)
    }
    return true
  }

  /** Throws when an invariant is broken. @param wordsOf the words of a live record, by number */
  check(wordsOf: (number: number) => readonly string[] | undefined): void {
    const free = new Set(this.#free)
    const bytes = [...this.#words].reduce((sum, [word, list]) => sum + cost(word, list), 0)
    if (bytes !== this.#bytes) throw new Error(`words take ${bytes} bytes, not ${this.#bytes}`)
    for (const [word, list] of this.#words) {
      for (let at = 0; at < list.length; at++) {
        const number = list.at(at)
        if (at > 0 && list.at(at - 1) >= number) throw new Error(`the list of ${word} is unsorted`)
        if (free.has(number)) throw new Error(`free number ${number} is in the list of ${word}`)
        if (this.#dead.has(number) || wordsOf(number)?.includes(word) === true) continue
        throw new Error(`record ${number} is in the list of ${word}, which it does not have`)
      }
    }
    for (let number = 0; number < this.#next; number++) {
      for (const word of wordsOf(number) ?? []) this.#checkHas(word, number)
    }
  }

  #checkHas(word: string, number: number): void {
    const list = this.#words.get(word)
    const position = list?.seek(number, 0) ?? 0
    if (list === undefined || position === list.length || list.at(position) !== number) {
      throw new Error(`record ${number} is not in the list of ${word}`)
    }
    if (this.#dead.has(number)) throw new Error(`record ${number} is both live and dead`)
  }

  #insert(word: string, number: number): void {
    let list = this.#words.get(word)
    if (list === undefined) {
      list = new Postings(number)
      this.#words.set(word, list)
      this.#bytes += cost(word, list)
    } else {
      this.#bytes -= list.bytes
      list.insert(number)
      this.#bytes += list.bytes
    }
  }

  #begin(): Pass {
    const leaving = this.#buried
    this.#buried = []
    return { words: this.#words.entries(), leaving }
  }

  #squeeze(word: string, list: Postings): void {
    this.#bytes -= cost(word, list)
    list.squeeze((number) => this.#dead.has(number))
    if (list.length === 0) this.#words.delete(word)
    else this.#bytes += cost(word, list)
  }

  /** Frees so many of the numbers no list has any more; returns whether anything is left to do. */
  #release({ leaving }: Pass, most: number): boolean {
    for (const number of leaving.splice(-most)) {
      this.#dead.delete(number)
      this.#free.push(number)
    }
    if (leaving.length === 0) this.#pass = undefined
    return this.dead > 0
  }
}

function cost(word: string, list: Postings): number {
  return wordOverhead + word.length + list.bytes
}
