import { link, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { tokenize } from '@peerage/catalog'
import { type FoundFile, scanFolder } from '@peerage/catalog/folder'

/** What there is to share, and what is searched for. */
export interface Stock {
  /** by place */
  readonly folders: Readonly<Record<string, string>>
  readonly words: string
  /** the file that is to be found and fetched */
  readonly original: string
  /** how many peers must have given a part of it */
  readonly sources: number
}

/** The large file: harbour, school and tower have it. */
const seaNoise = 'Sea noise, one night at the harbour.wav'

/** samples of sound per second */
const rate = 44_100

/** What each place shares besides. The same bytes on every machine, so that hashes are the same. */
const small: Record<string, Record<string, string | Uint8Array>> = {
  gate: { 'Welcome.txt': 'Come in. Ask for what you need; somebody down the street has it.\n' },
  harbour: { 'Tides.txt': table('high water', 28) },
  market: { 'Market prices.txt': table('apples', 40), 'Market hall.svg': picture('goldenrod') },
  mill: { 'Mill wheel.wav': tone(55, 3), 'Mill plan.svg': picture('slategray') },
  school: { 'Multiplication.txt': table('seven times', 100), 'School bell.wav': tone(880, 2) },
  tower: { 'Tower bell.wav': tone(220, 3) }
}

/** Writes the sample files, a folder for each place. */
export async function writeSamples(home: string): Promise<Stock> {
  const folders: Record<string, string> = {}
  for (const [place, files] of Object.entries(small)) {
    const folder = (folders[place] = join(home, place))
    await mkdir(folder)
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, name), content)
  }
  const original = join(home, 'harbour', seaNoise)
  await writeFile(original, sea(64 * 1024 * 1024))
  for (const place of ['school', 'tower']) await link(original, join(home, place, seaNoise))
  return { folders, words: 'sea noise', original, sources: 3 }
}

/** A folder of the user's, shared by every place; its largest file is searched for. */
export async function ownFiles(folder: string): Promise<Stock> {
  let largest: FoundFile | undefined
  for await (const file of scanFolder(folder)) {
    if (file.size > (largest?.size ?? 0)) largest = file
  }
  if (largest === undefined) throw new Error(`${folder} has no files to share; name another folder`)
  const folders = Object.fromEntries(Object.keys(small).map((place) => [place, folder]))
  const words = tokenize(basename(largest.path)).slice(0, 12).join(' ')
  // a small file has too few pieces for everybody to give one
  return { folders, words, original: largest.path, sources: 1 }
}

/** Noise that swells and sinks like waves, from a generator with a fixed seed (xorshift32). */
function sea(bytes: number): Uint8Array {
  const sound = new Int16Array(bytes / 2)
  let state = 2_463_534_242
  for (let at = 0; at < sound.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    sound[at] = (state >> 16) * (0.4 + 0.3 * Math.sin(at / (rate * 1.3)))
  }
  return wave(sound)
}

function tone(hertz: number, seconds: number): Uint8Array {
  const sound = Int16Array.from({ length: rate * seconds }, (_, at) => {
    const time = at / rate
    return 20_000 * Math.exp(-2 * time) * Math.sin(2 * Math.PI * hertz * time)
  })
  return wave(sound)
}

/** A WAV file: one channel, 16 bits. */
function wave(sound: Int16Array): Uint8Array {
  const file = Buffer.alloc(44 + sound.byteLength)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + sound.byteLength, 4)
  file.write('WAVEfmt ', 8)
  for (const [at, value] of [16, 0x1_0001, rate, rate * 2, 0x10_0002].entries()) {
    file.writeUInt32LE(value, 16 + at * 4)
  }
  file.write('data', 36)
  file.writeUInt32LE(sound.byteLength, 40)
  file.set(new Uint8Array(sound.buffer), 44)
  return file
}

function table(of: string, lines: number): string {
  return Array.from({ length: lines }, (_, day) => `${day + 1}: ${of} ${(day * 7) % 24}\n`).join('')
}

function picture(colour: string): string {
  const house = `<path d="M8 30 32 8l24 22v26H8z" fill="${colour}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${house}</svg>\n`
}
