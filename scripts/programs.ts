import { spawn } from 'node:child_process'

/** What a program printed on both streams, in order, and how it ended. */
export interface Outcome {
  output: string
  /** `null` for a program that was still running after its time and was killed */
  code: number | null
}

export interface ProgramInit {
  cwd: string
  /** how long it may run, in milliseconds */
  timeout: number
  /** what it reads on standard input */
  stdin?: string
  /** the command is a line for the shell */
  shell?: boolean
}

/** Runs a program to its end, with all the processes it starts. */
export function runProgram(command: string, args: string[], init: ProgramInit): Promise<Outcome> {
  const { cwd, shell = false, stdin, timeout } = init
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, shell, env: plainEnvironment(), detached: true })
    let output = ''
    const keep = (text: string): void => {
      output += text
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    // a group of its own, so that npx, the shell and what they started all go together
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), timeout)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ output, code })
    })
    child.stdin.end(stdin)
  })
}

/** No colours, and none of the test runner's own settings. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, FORCE_COLOR: __, ...kept } = process.env
  return { ...kept, NO_COLOR: '1', NPM_CONFIG_LOGLEVEL: 'error' }
}

/**
 * A pattern for an expected transcript: `…` stands for anything within a line, a line that is
 * nothing but `…` for any number of lines.
 */
export function transcript(expected: string): RegExp {
  const patterns = expected
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${escaped(line)}\\n`))
  return new RegExp(`^${patterns.join('')}$`)
}

function escaped(line: string): string {
  return line.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`).replaceAll('…', '.*')
}
