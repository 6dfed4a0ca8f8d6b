import { describe, expect, it } from 'vitest'
import { cleanText, jsonLine } from '../src/clean-text.ts'
import { Output } from '../src/output.ts'
import { plainWords } from '../src/plain-words.ts'
import { progressFields, progressLine } from '../src/progress.ts'
import { suggest } from '../src/suggest.ts'
import { formatBytes, formatTime, parseBytes } from '../src/units.ts'

function streams(isTTY: boolean, columns = 80) {
  const texts = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof texts) => ({
    write: (text: string) => (texts[name] += text),
    isTTY,
    columns
  })
  return { texts, stdout: stream('stdout'), stderr: stream('stderr') }
}

describe('text from strangers', () => {
  it('cannot command a terminal or turn round its direction', () => {
    const name = 'a\u001B[2J\u0007b\u009Bc\r\nd\u202Eexe.3pm\u2066'
    expect(cleanText(name)).toBe('a�[2J�b�c��d�exe.3pm�')
    expect(jsonLine({ name })).not.toMatch(/[^\u0020-\u007E]/)
    expect(JSON.parse(jsonLine({ name }))).toEqual({ name })
  })

  it('keeps what people write', () => {
    const name = 'Łódź – 夜 👩‍🚀 .flac'
    expect(cleanText(name)).toBe(name)
  })
})

describe('output', () => {
  it('writes progress over on a terminal and leaves results whole', () => {
    const { texts, ...to } = streams(true, 20)
    const output = new Output({ ...to, json: false })
    output.progress({}, 'a line that is longer than the terminal', 0)
    output.result('hit', {}, 'found')
    output.progress({}, 'too soon', 10)
    output.progress({}, 'next', 100)
    output.end()
    expect(texts.stdout).toBe('found\n')
    const first = '\r\u001B[Ka line that is long'
    expect(texts.stderr).toBe(`${first}\r\u001B[K${first}\r\u001B[Knext\r\u001B[K`)
  })

  it('gives a plain line of progress every two seconds elsewhere', () => {
    const { texts, ...to } = streams(false)
    const output = new Output({ ...to, json: false })
    for (const [at, line] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      output.progress({}, line, at * 1_000)
    }
    expect(texts.stderr).toBe('c\ne\n')
  })

  it('puts all of JSON on one stream, a line each', () => {
    const { texts, ...to } = streams(false)
    const output = new Output({ ...to, json: true })
    output.note('joined', { address: 'x' }, 'joined')
    output.progress({ pieces: 1 }, '1 piece', 0)
    output.error('no', 1)
    expect(texts).toEqual({
      stdout:
        '{"event":"joined","address":"x"}\n{"event":"progress","pieces":1}\n' +
        '{"event":"error","message":"no","code":1}\n',
      stderr: ''
    })
  })

  it('leaves results and errors when quiet', () => {
    const { texts, ...to } = streams(false)
    const output = new Output({ ...to, json: false })
    output.set({ json: false, quiet: true })
    output.note('joined', {}, 'joined')
    output.progress({}, 'far', 9_999)
    output.result('done', {}, 'done')
    output.error('no', 1)
    expect(texts).toEqual({ stdout: 'done\n', stderr: 'no\n' })
  })
})

describe('progress', () => {
  const progress = {
    state: 'fetching' as const,
    pieces: 420,
    pieceCount: 1_024,
    bytes: 27_525_120,
    length: 67_108_864,
    wanted: 67_108_864,
    left: 39_583_744,
    downRate: 5_347_737,
    upRate: 0,
    downloaded: 0,
    uploaded: 0,
    wasted: 0,
    peers: 3,
    sources: 3,
    timeLeft: 7_400
  }

  it('says speed, peers, pieces, bytes and time left', () => {
    expect(progressLine(progress)).toBe(
      ' 41 %  26.3 MiB of 64.0 MiB  5.1 MiB/s  3 peers  420 of 1024 pieces  8 s left'
    )
  })

  it('says no time while nothing comes', () => {
    const stalled = { ...progress, downRate: 0, timeLeft: Infinity }
    expect(progressLine(stalled)).not.toContain('left')
    expect(JSON.parse(jsonLine(progressFields(stalled)))).toMatchObject({ timeLeft: null })
  })
})

describe('units', () => {
  it.each([
    [1, '1 byte'],
    [1_023, '1023 bytes'],
    [1_024, '1.0 KiB'],
    [1_610_612_736, '1.5 GiB']
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [1, '1 s'],
    [65_000, '1 min 5 s'],
    [7_320_000, '2 h 2 min']
  ])('%d ms are %s', (time, text) => expect(formatTime(time)).toBe(text))

  it.each([
    ['700', 700],
    ['20k', 20_480],
    ['1.5 GiB', 1_610_612_736],
    ['2MB', 2_097_152],
    ['-1', undefined],
    ['1e9', undefined],
    ['many', undefined],
    ['', undefined],
    ['999999999999T', undefined]
  ])('reads %j', (text, bytes) => expect(parseBytes(text)).toBe(bytes))
})

describe('a suggestion', () => {
  const words = ['share', 'search', 'get', 'create', 'id']
  it.each([
    ['serch', 'search'],
    ['sahre', 'share'],
    ['creat', 'create'],
    ['gte', 'get'],
    ['download', undefined],
    ['x', undefined]
  ])('for %s is %s', (typed, meant) => expect(suggest(typed, words)).toBe(meant))
})

describe('an error', () => {
  it('nobody foresaw is one line that says so', () => {
    expect(plainWords(new TypeError('x is\n  not a function'))).toEqual({
      message:
        'TypeError: x is not a function; this is not expected; ' +
        'please report it with the output of DEBUG=peerage:*,*:error',
      code: 1
    })
    expect(plainWords(undefined).code).toBe(1)
  })

  it('of the system is told in words', () => {
    const error = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', path: '/a' })
    expect(plainWords(error).message).toBe(
      '/a: the disk is full; free some space and run the same command again (ENOSPC)'
    )
  })

  it('after Ctrl-C is no error', () => {
    const stop = new AbortController()
    stop.abort()
    expect(plainWords(stop.signal.reason, stop.signal)).toEqual({ message: 'stopped', code: 130 })
  })
})
