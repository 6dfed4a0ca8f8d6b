/** A tracker address that cannot be used; the message says what it should look like. */
export class TrackerUrlError extends Error {
  static override name = 'TrackerUrlError'
  override name = 'TrackerUrlError'
}

/** A tracker could not be reached, or did not answer in time. */
export class TrackerUnreachableError extends Error {
  static override name = 'TrackerUnreachableError'
  override name = 'TrackerUnreachableError'
}

/** A tracker answered with bytes that are no answer, or too many of them. */
export class TrackerAnswerError extends Error {
  static override name = 'TrackerAnswerError'
  override name = 'TrackerAnswerError'
}

/** A tracker said no; the message holds its reason. */
export class TrackerRefusedError extends Error {
  static override name = 'TrackerRefusedError'
  override name = 'TrackerRefusedError'
}

/** Nobody on the other side of the gateway has the torrent, or none of them could be reached. */
export class NoPeerError extends Error {
  static override name = 'NoPeerError'
  override name = 'NoPeerError'
}

/** The gateway serves this torrent already, or as many as it may; stop one first. */
export class ServeError extends Error {
  static override name = 'ServeError'
  override name = 'ServeError'
}
