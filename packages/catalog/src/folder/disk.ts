import { type FSWatcher, watch } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'

/** What of the file system a shared folder needs; tests put faults in. */
export interface Disk {
  readonly readdir: (path: string) => Promise<string[]>
  /** never follows a symbolic link */
  readonly lstat: (path: string) => Promise<Entry>
  /** watches one folder, not those below it */
  readonly watch: (path: string) => FSWatcher
}

export interface Entry {
  isFile(): boolean
  isDirectory(): boolean
  readonly size: number
  readonly mtimeMs: number
  readonly birthtimeMs: number
  readonly ino: number
}

export const disk: Disk = {
  readdir: (path) => readdir(path),
  lstat: (path) => lstat(path),
  watch: (path) => watch(path)
}
