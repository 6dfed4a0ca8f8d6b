/**
 * The `peerage` command as a function, for programs and tests that want to run it in their own
 * process.
 *
 * ```ts
 * import { run } from 'peerage'
 *
 * const lines: string[] = []
 * const code = await run(['id', '--json'], { stdout: { write: (text) => lines.push(text) } })
 * console.log(code, JSON.parse(lines.join('')).peer)
 * ```
 *
 * @module
 */
import { readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { create } from './commands/create.ts'
import { gateway } from './commands/gateway.ts'
import { get } from './commands/get.ts'
import { id } from './commands/id.ts'
import { search } from './commands/search.ts'
import { share } from './commands/share.ts'
import { UsageError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { commandHelp, optionsOf, overallHelp } from './help.ts'
import { Output, type TextStream } from './output.ts'
import { plainWords } from './plain-words.ts'
import { readSettings } from './settings.ts'
import { suggest } from './suggest.ts'

export { exitCodes } from './exit-codes.ts'
export type { TextStream } from './output.ts'

const commands: readonly Command[] = [share, search, get, create, gateway, id]

/** Where a run of the command reads and writes; what is left out is silent or empty. */
export interface RunInit {
  /** results, and with `--json` everything */
  stdout?: TextStream
  /** progress, notes and errors */
  stderr?: TextStream
  /** stops it gracefully: what is under way is written down, peers are told */
  signal?: AbortSignal
  /** where `PEERAGE_…`, `XDG_DATA_HOME` and `HOME` are looked up @default nothing is set */
  env?: Readonly<Record<string, string | undefined>>
}

/**
 * Runs the command.
 *
 * @param argv what stands behind `peerage` on the command line
 * @returns the exit code, one of {@link exitCodes}; never rejects
 */
export async function run(argv: readonly string[], init: RunInit = {}): Promise<number> {
  const { stdout = silent, stderr = silent, env = {}, signal = new AbortController().signal } = init
  const output = new Output({ stdout, stderr, json: argv.includes('--json') })
  try {
    return await dispatch(argv, { output, env, signal })
  } catch (error) {
    const { message, code } = plainWords(error, signal)
    if (code === exitCodes.interrupted) output.note('stopped', { code }, message)
    else output.error(message, code)
    return code
  } finally {
    output.end()
  }
}

const silent: TextStream = { write: () => {} }

interface Around {
  readonly output: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

async function dispatch(argv: readonly string[], { output, env, signal }: Around): Promise<number> {
  const [name = '--help', ...rest] = argv
  if (name === '--help' || name === '-h' || name === 'help') return overview(rest, output)
  const command = findCommand(name)
  if (rest.includes('--help') || rest.includes('-h')) {
    output.print(commandHelp(command))
    return exitCodes.ok
  }
  const args = readArguments(rest, optionsOf(command), env)
  output.set({ json: args.has('json'), quiet: args.has('quiet') })
  const { least, most } = command.operands
  if (args.operands.length < least || args.operands.length > most) {
    throw new UsageError(`usage: peerage ${command.usage}; for example: ${command.example}`)
  }
  const settings = readSettings(args, env)
  signal.throwIfAborted()
  return command.run({ args, settings, output, signal })
}

function overview([about]: readonly string[], output: Output): number {
  const asked = about === undefined || about.startsWith('-') ? undefined : findCommand(about)
  output.print(asked === undefined ? overallHelp(commands) : commandHelp(asked))
  return exitCodes.ok
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  const names = commands.map((command) => command.name)
  const meant = suggest(name, names)
  const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`
  throw new UsageError(`there is no command "${name}"; ${hint}`)
}
