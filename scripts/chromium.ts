import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'google-chrome', 'chromium-browser']

/** `CHROMIUM`, else the first browser on the path, else the one npm brought. */
export async function findChromium(): Promise<string> {
  const named = process.env['CHROMIUM']
  if (named != null && named !== '') return named
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = names.map((name) => join(folder, name)).find(isExecutable)
    if (found != null) return found
  }
  return (await import('@sparticuz/chromium')).default.executablePath()
}

/** Quiet, offline and able to start in a container. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
