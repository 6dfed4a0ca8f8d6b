const steps = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes as people read them, such as `64.0 MiB`. */
export function formatBytes(bytes: number): string {
  let size = bytes
  let step = 0
  while (size >= 1024 && step < steps.length - 1) {
    size /= 1024
    step++
  }
  if (step === 0) return bytes === 1 ? '1 byte' : `${Math.round(bytes)} bytes`
  return `${size.toFixed(1)} ${steps[step]}`
}

/** Milliseconds as people read them, such as `1 min 5 s`. */
export function formatTime(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** `1 file`, `2 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** Reads `700`, `20k`, `1.5 MB` or `2GiB`, all by powers of 1,024; undefined if it is none. */
export function parseBytes(text: string): number | undefined {
  const [, number = '', letter = ''] =
    /^\s*(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?)i?b?(?:ytes?)?\s*$/i.exec(text) ?? []
  if (number === '') return undefined
  const bytes = Math.round(Number(number) * 1024 ** ' kmgt'.indexOf(letter.toLowerCase() || ' '))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
