import { parseArgs } from 'node:util'
import { cleanText } from './clean-text.ts'
import { UsageError } from './errors.ts'
import { commonOptions, type Option, variableOf } from './options.ts'
import { suggest } from './suggest.ts'
import { parseBytes } from './units.ts'

/** What stands behind a command, checked against its options. */
export class Arguments {
  /** what is no flag and no flag's value */
  readonly operands: readonly string[]
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(operands: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands
    this.#values = values
  }

  /** Whether a switch is on. */
  has(flag: string): boolean {
    return this.#values.has(flag)
  }

  /** All values of a flag, in order. */
  list(flag: string): readonly string[] {
    return this.#values.get(flag) ?? []
  }

  /** A flag's value; the last one wins. */
  text(flag: string): string | undefined {
    return this.list(flag).at(-1)
  }

  /** A whole number from `least` to `most`. */
  integer(flag: string, least: number, most: number): number | undefined {
    const text = this.text(flag)
    if (text === undefined) return undefined
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new UsageError(`--${flag} takes a whole number from ${least} to ${most}, not "${text}"`)
  }

  /** A number of bytes such as `20M`. */
  bytes(flag: string): number | undefined {
    const text = this.text(flag)
    if (text === undefined) return undefined
    const bytes = parseBytes(text)
    if (bytes !== undefined) return bytes
    throw new UsageError(`--${flag} takes a size such as 700k, 20M or 1.5G, not "${text}"`)
  }
}

/**
 * Reads what stands behind a command. Variables of the environment stand in for common options
 * that are not given.
 *
 * @throws UsageError
 */
export function readArguments(
  argv: readonly string[],
  options: readonly Option[],
  env: Readonly<Record<string, string | undefined>>
): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      options.map(({ flag, value }) => [flag, { type: value === undefined ? 'boolean' : 'string' }])
    ),
    strict: false,
    tokens: true
  })
  const operands: string[] = []
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const { flag, value } = checkFlag(token, options)
    values.set(flag, [...(values.get(flag) ?? []), value])
  }
  for (const option of commonOptions) {
    const value = env[variableOf(option)]
    if (values.has(option.flag) || value === undefined || value === '') continue
    if (option.value !== undefined) values.set(option.flag, listed(option, value))
    else if (value !== '0' && value !== 'false') values.set(option.flag, [''])
  }
  return new Arguments(operands, values)
}

interface FlagToken {
  name: string
  rawName: string
  value?: string | undefined
  inlineValue?: boolean | undefined
}

function checkFlag(
  { name, rawName, value, inlineValue }: FlagToken,
  options: readonly Option[]
): { flag: string; value: string } {
  const option = options.find(({ flag }) => flag === name)
  if (option === undefined) {
    const meant = suggest(
      name,
      options.map(({ flag }) => flag)
    )
    const hint = meant === undefined ? 'see --help for those there are' : `did you mean --${meant}?`
    throw new UsageError(`there is no option ${cleanText(rawName)}; ${hint}`)
  }
  if (option.value === undefined) {
    if (value === undefined) return { flag: name, value: '' }
    throw new UsageError(`--${name} is a switch and takes no value; leave out "=${value}"`)
  }
  if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('--'))) {
    throw new UsageError(`--${name} needs a value: --${name} <${option.value}>`)
  }
  return { flag: name, value }
}

/** Several values in one variable are parted by spaces or commas, which no multiaddr has. */
function listed({ many }: Option, value: string): string[] {
  return many === true ? value.split(/[\s,]+/).filter((part) => part !== '') : [value]
}
