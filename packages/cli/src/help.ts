import type { Command } from './command.ts'
import { commonOptions, helpOption, type Option } from './options.ts'

/** All flags a command takes. */
export function optionsOf({ options }: Command): readonly Option[] {
  return [...options, ...commonOptions, helpOption]
}

/** What `peerage --help` prints. */
export function overallHelp(commands: readonly Command[]): string {
  return [
    'peerage: share files, search a network of peers, fetch what is found, verified.',
    '',
    ...columns(commands.map(({ usage, summary }) => [`peerage ${usage}`, summary])),
    '',
    'For the options of a command and an example: peerage <command> --help',
    '',
    'Exit codes: 0 done, 1 failed, 2 not understood, 3 nothing found, 130 stopped by Ctrl-C'
  ].join('\n')
}

/** What `peerage <command> --help` prints. */
export function commandHelp(command: Command): string {
  const { usage, summary, details, example, options } = command
  return [
    `peerage ${usage}`,
    `  ${summary}`,
    ...(details === undefined ? [] : ['', ...details.split('\n').map((line) => `  ${line}`)]),
    '',
    'Example:',
    `  ${example}`,
    '',
    ...(options.length === 0 ? [] : ['Options:', ...columns(options.map(optionRow)), '']),
    'Options of every command, also read from PEERAGE_JOIN, PEERAGE_PORT and so on:',
    ...columns([...commonOptions, helpOption].map(optionRow))
  ].join('\n')
}

function optionRow({ flag, value, many, about }: Option): [string, string] {
  const name = value === undefined ? `--${flag}` : `--${flag} <${value}>`
  return [many === true ? `${name} …` : name, about]
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
