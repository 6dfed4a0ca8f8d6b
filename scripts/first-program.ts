/** A README's first program and, if it shows one, the output printed below it. */
export function firstProgram(markdown: string): { program: string; shown?: string } | undefined {
  const found = /^```ts\n(?<program>[^]*?)^```$(?<after>[^]*)/m.exec(markdown)?.groups
  if (found == null) return undefined
  const shown = /^(?:\n+[^`\n]+)?\n+```text\n(?<shown>[^]*?)```/.exec(found['after'] ?? '')
  return { program: found['program'] ?? '', shown: shown?.groups?.['shown'] }
}
