/** A tracker did not do what it was asked; the message is its reason. Ask another, or later. */
export class TrackerError extends Error {
  static override name = 'TrackerError'
  override name = 'TrackerError'
}
