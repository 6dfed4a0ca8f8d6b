/** One page per package, made of what lies in its folder: README, PROTOCOL and `limits.ts`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

const order = [
  'transport',
  'catalog',
  'search-flood',
  'swarm',
  'gateway-bittorrent',
  'cli',
  'wire',
  'testbed'
]
const folder = new URL('../../packages/', import.meta.url)

/** The packages' folders that have a README, in the order a reader meets them. */
export function packageNames(): string[] {
  const rank = (name: string): number => [...order, name].indexOf(name)
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/README.md`, folder)))
    .toSorted((a, b) => rank(a) - rank(b))
}

/** The page of one package, in Markdown. */
export function packagePage(name: string): string {
  const readme = read(`${name}/README.md`) ?? ''
  const limits = limitsTable(read(`${name}/src/limits.ts`) ?? '')
  const protocol = read(`${name}/PROTOCOL.md`)
  const parts = [readme]
  if (limits !== '') parts.push('## Limits', limits)
  if (protocol != null) parts.push(oneLevelDown(protocol).replace(/^## .*/m, '## Wire protocol'))
  return parts.map(withoutFileLinks).join('\n\n')
}

function read(path: string): string | undefined {
  const file = new URL(path, folder)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Every heading one level deeper; what looks like one inside a code block stays. */
function oneLevelDown(markdown: string): string {
  const blocks = markdown.split(/^(```[^]*?^```$)/m)
  return blocks.map((text, at) => (at % 2 === 0 ? text.replaceAll(/^#/gm, '##') : text)).join('')
}

/** Links between the files of a package become links within its page, or plain text. */
function withoutFileLinks(markdown: string): string {
  const targets: Record<string, string> = {
    'PROTOCOL.md': '#wire-protocol',
    'src/limits.ts': '#limits'
  }
  return markdown.replaceAll(
    /\[([^\]]+)\]\((?!https?:|#)([^)]+)\)/g,
    (_, text: string, to: string) => {
      const sibling = /^\.\.\/([\w-]+)(?:\/README\.md)?\/?$/.exec(to)?.[1]
      const target = sibling == null ? targets[to.replace(/^\.\//, '')] : `./${sibling}`
      return target == null ? text : `[${text}](${target})`
    }
  )
}

/** The rows of `limits.ts`: each bound with the comment above it; groups are written `group.bound`. */
function limitsTable(source: string): string {
  const file = ts.createSourceFile('limits.ts', source, ts.ScriptTarget.Latest, true)
  const rows: string[] = []
  const walk = (node: ts.Node, prefix: string): void => {
    if (!ts.isPropertyAssignment(node)) return ts.forEachChild(node, (child) => walk(child, prefix))
    const { initializer: value } = node
    const name = `${prefix}${node.name.getText()}`
    const isGroup = ts.isObjectLiteralExpression(value) && value.getText().includes('\n')
    if (isGroup) return ts.forEachChild(value, (child) => walk(child, `${name}.`))
    rows.push(`| \`${name}\` | \`${value.getText()}\` | ${commentAbove(node)} |`)
  }
  walk(file, '')
  return rows.length === 0
    ? ''
    : ['| bound | value | what it is |', '| --- | --- | --- |', ...rows].join('\n')
}

function commentAbove(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment)).join(' ')
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')
}
