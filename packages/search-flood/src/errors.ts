/** None of the addresses led to a neighbour. */
export class JoinError extends Error {
  static override name = 'JoinError'
  override name = 'JoinError'
  /** each address or peer that was tried, and what came of it */
  readonly attempts: readonly JoinAttempt[]

  constructor(attempts: readonly JoinAttempt[]) {
    const lines = attempts.map(({ target, error }) => `${target}: ${error.message}`)
    super(
      attempts.length === 0
        ? 'there was no address to join by: pass the address of a node that is running'
        : `could not join the network: ${lines.join('; ')}. Check that the node runs and can be reached from here`
    )
    this.attempts = attempts
  }
}

/** One address or peer that was tried. */
export interface JoinAttempt {
  /** as it was given, in text form */
  readonly target: string
  readonly error: Error
}
