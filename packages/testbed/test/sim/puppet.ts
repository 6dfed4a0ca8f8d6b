import type { Core, Effect, Emit, Input, Vocabulary } from '@peerage/wire'

/** What puppets exchange: frames of a stated size; an ask is an effect to emit, or a new deadline. */
export interface Puppetry extends Vocabulary {
  frame: { size: number }
  ask: Effect<Puppetry> | { type: 'wakeAt'; at: number }
  work: { takesMicros: number }
  result: string
  news: string
}

/** Does what it is asked and writes down what happens to it, one line each with the time in front. */
export class Puppet implements Core<Puppetry> {
  wakeAt = Infinity
  readonly log: string[] = []
  /** throws from `check` once this many inputs were seen */
  breaksAt = Infinity

  handle(now: number, input: Input<Puppetry>, emit: Emit<Puppetry>): void {
    if (input.type === 'ask') {
      if (input.ask.type === 'wakeAt') this.wakeAt = input.ask.at
      else emit(input.ask)
      return
    }
    if (input.type === 'wake' && this.wakeAt <= now) this.wakeAt = Infinity
    this.log.push(`${now} ${describe(input)}`)
  }

  check(): void {
    if (this.log.length >= this.breaksAt) throw new Error('counted too far')
  }
}

function describe(input: Input<Puppetry>): string {
  switch (input.type) {
    case 'up':
      return `up ${input.peer} ${input.direction}`
    case 'down':
      return `down ${input.peer} ${input.error?.name ?? 'goodbye'}`
    case 'frame':
      return `frame ${input.peer} ${input.frame.size}`
    case 'done':
      return `done ${input.job} ${input.result}`
    case 'wake':
    case 'ask':
      return input.type
    default:
      return `${input.type} ${input.peer}`
  }
}
