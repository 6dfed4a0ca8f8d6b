import type { WireError } from './errors.ts'

/** Frames to bytes and back, for one direction of one channel each. */
export interface Framing<Frame> {
  /** one frame as it goes on the wire, prefix included; large payloads may be passed as parts */
  encode(frame: Frame): Uint8Array | Uint8Array[]
  /** a reader with the state of one stream; called once per channel */
  reader(): FrameReader<Frame>
  /** the bytes that say "this was all"; without them an end of stream is an {@link UnexpectedEndError} */
  readonly goodbye?: Uint8Array
}

/** Cuts a stream of bytes into frames. Total: whatever a peer sends, it returns. */
export interface FrameReader<Frame> {
  /** takes the next bytes off the stream; they must not be changed afterwards */
  push(bytes: Uint8Array): void
  /** the next frame, `undefined` when more bytes are needed, `'goodbye'` after the last one */
  next(): Frame | WireError | 'goodbye' | undefined
}

/** One message type's bytes, without prefix. `decode` returns what is wrong instead of throwing. */
export interface Codec<Frame> {
  encode(frame: Frame): Uint8Array
  decode(bytes: Uint8Array): Frame | WireError
}
