import type { Arguments } from './arguments.ts'
import type { Option } from './options.ts'
import type { Output } from './output.ts'
import type { Settings } from './settings.ts'

/** One verb of the command line. */
export interface Command {
  readonly name: string
  /** one line, for the list of commands */
  readonly summary: string
  /** the verb and what it takes, such as `create <path>` */
  readonly usage: string
  /** a whole line to copy */
  readonly example: string
  /** what else there is to know, in lines of at most 80 characters @default nothing */
  readonly details?: string
  /** how many words it takes besides flags */
  readonly operands: { readonly least: number; readonly most: number }
  /** its own flags, besides the common ones */
  readonly options: readonly Option[]
  /** @returns the exit code */
  run(context: Context): Promise<number>
}

/** What a command works with. */
export interface Context {
  readonly args: Arguments
  readonly settings: Settings
  readonly output: Output
  /** aborts at Ctrl-C */
  readonly signal: AbortSignal
}
