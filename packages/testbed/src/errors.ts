/** A simulated core or its scenario broke a rule of the game; the message says who, when and which. */
export class SimulationError extends Error {
  static override name = 'SimulationError'
  override name = 'SimulationError'
}

/** In a simulation or testnet: the link between two nodes is cut. */
export class LinkCutError extends Error {
  static override name = 'LinkCutError'
  override name = 'LinkCutError'
}

/** In a simulation: the peer is not there, is dead, or hung up without a goodbye. */
export class PeerGoneError extends Error {
  static override name = 'PeerGoneError'
  override name = 'PeerGoneError'
}

/** A testnet was not still by its deadline; the message names what is open. */
export class StillOpenError extends Error {
  static override name = 'StillOpenError'
  override name = 'StillOpenError'
}
