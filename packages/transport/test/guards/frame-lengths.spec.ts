import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameTooLongError } from '../../src/errors.ts'
import { FrameLengths } from '../../src/guards/frame-lengths.ts'
import { header } from './messages.ts'

describe('frame lengths', () => {
  it('may reach the window and not pass it', () => {
    expect(new FrameLengths(1_000).push(header(0, 0, 1, 1_000))).toBeUndefined()
    expect(new FrameLengths(1_000).push(header(0, 0, 1, 1_001))).toBeInstanceOf(FrameTooLongError)
    expect(new FrameLengths(1_000).push(header(0, 0, 1, 2 ** 32 - 1))).toBeInstanceOf(
      FrameTooLongError
    )
  })

  it('matter for data alone: pings and window updates carry numbers there', () => {
    const frames = new FrameLengths(10)
    for (const type of [1, 2, 3])
      expect(frames.push(header(type, 1, 0, 2 ** 32 - 1))).toBeUndefined()
  })

  it('are found wherever the bytes are cut', () => {
    const sizes = fc.array(fc.nat(300), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(sizes, fc.nat(40), fc.boolean(), (lengths, step, tooLong) => {
        const frames = new FrameLengths(300)
        const last = header(0, 0, 3, tooLong ? 301 : 300)
        const bytes = [...lengths.flatMap((n) => [...header(0, 0, 1, n), ...fill(n)]), ...last]
        let refused = false
        for (let at = 0; at < bytes.length; at += step + 1) {
          refused ||= frames.push(Uint8Array.from(bytes.slice(at, at + step + 1))) !== undefined
        }
        return refused === tooLong
      })
    )
  })
})

/** payload that would be refused if it were read as headers */
function fill(length: number): number[] {
  return Array.from({ length }, () => 0xff).map((byte, index) => (index % 12 === 1 ? 0 : byte))
}
