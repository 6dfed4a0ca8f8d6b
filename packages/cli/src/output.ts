import { cleanText, jsonLine } from './clean-text.ts'

/** Somewhere to write text, such as `process.stdout`. */
export interface TextStream {
  write(text: string): unknown
  /** a terminal, on which a line can be written over */
  readonly isTTY?: boolean | undefined
  /** how wide it is, in characters */
  readonly columns?: number | undefined
}

export interface OutputInit {
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly json: boolean
}

/** Milliseconds between two tellings of progress: as fast as one reads, and in plain text rarely. */
const pauses = { live: 100, plain: 2_000 }

/**
 * What the user sees: text for people, results on one stream and everything else on the other, or
 * one JSON object per line for programs.
 */
export class Output {
  readonly #stdout: TextStream
  readonly #stderr: TextStream
  #json: boolean
  #quiet = false
  /** a line that the next one will be written over */
  #live = ''
  /** when progress was told last; of plain text, the first is held back */
  #toldAt: number | undefined

  constructor({ stdout, stderr, json }: OutputInit) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.#json = json
  }

  set({ json, quiet }: { json: boolean; quiet: boolean }): void {
    this.#json = json
    this.#quiet = quiet
  }

  /** Text as it is, whatever the mode. For help. */
  print(text: string): void {
    this.#stdout.write(`${text}\n`)
  }

  /** What was asked for. */
  result(event: string, fields: object, ...lines: readonly string[]): void {
    this.#say(this.#stdout, event, fields, lines)
  }

  /** What is good to know; left out by `--quiet`. */
  note(event: string, fields: object, ...lines: readonly string[]): void {
    if (this.#json || !this.#quiet) this.#say(this.#stderr, event, fields, lines)
  }

  /** What went wrong without ending the command. */
  warn(message: string): void {
    this.#say(this.#stderr, 'warning', { message }, [`warning: ${message}`])
  }

  /** Why the command ends. */
  error(message: string, code: number): void {
    this.#say(this.#stderr, 'error', { message, code }, [message])
  }

  /** How far it is: written over on a terminal, else a line now and then. */
  progress(fields: object, line: string, now: number): void {
    const isPlain = !this.#json && this.#stderr.isTTY !== true
    if (isPlain) this.#toldAt ??= now
    const pause = isPlain ? pauses.plain : pauses.live
    if (now - (this.#toldAt ?? -Infinity) < pause || (this.#quiet && !this.#json)) return
    this.#toldAt = now
    if (this.#json) this.#say(this.#stdout, 'progress', fields, [])
    else if (isPlain) this.#stderr.write(`${cleanText(line)}\n`)
    else this.#overwrite(line)
  }

  /** Leaves the terminal at the beginning of a line. */
  end(): void {
    this.#overwrite('')
  }

  #say(stream: TextStream, event: string, fields: object, lines: readonly string[]): void {
    if (this.#json) {
      this.#stdout.write(`${jsonLine({ event, ...fields })}\n`)
      return
    }
    const live = this.#live
    this.#overwrite('')
    for (const line of lines) stream.write(`${cleanText(line)}\n`)
    this.#overwrite(live)
  }

  #overwrite(line: string): void {
    if (line === '' && this.#live === '') return
    this.#live = line
    // a terminal that does not know how wide it is says 0
    const fitting = cleanText(line).slice(0, (this.#stderr.columns || 80) - 1)
    // back to the first column, and clear to the end of the line
    this.#stderr.write(`\r\u001B[K${fitting}`)
  }
}
