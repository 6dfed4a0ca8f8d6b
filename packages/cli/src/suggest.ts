/** The word somebody probably meant, if one is near: two slips at most, fewer in short words. */
export function suggest(typed: string, words: readonly string[]): string | undefined {
  const begun = words.filter((word) => typed.length > 1 && word.startsWith(typed))
  if (begun.length === 1) return begun[0]
  const most = Math.min(2, Math.floor(typed.length / 2))
  const near = words
    .map((word) => ({ word, slips: slips(typed, word) }))
    .filter(({ slips }) => slips <= most)
    .toSorted((a, b) => a.slips - b.slips)
  return near[0]?.word
}

/** Letters to put in, take out, replace, or change places with the next: optimal string alignment. */
function slips(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1]
    for (let at = 0; at < to.length; at++) {
      const replaced = row[at]! + (from[index] === to[at] ? 0 : 1)
      const isSwap = at > 0 && from[index] === to[at - 1] && from[index - 1] === to[at]
      const swapped = isSwap ? before[at - 1]! + 1 : Infinity
      next.push(Math.min(replaced, swapped, row[at + 1]! + 1, next[at]! + 1))
    }
    before = row
    row = next
  }
  return row[to.length]!
}
