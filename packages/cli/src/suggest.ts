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

/** Levenshtein's distance: letters to put in, take out or replace. */
function slips(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let at = 0; at < to.length; at++) {
      const replaced = row[at]! + (letter === to[at] ? 0 : 1)
      next.push(Math.min(replaced, row[at + 1]! + 1, next[at]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
