import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DataFolderError } from './errors.ts'

/** The files that are kept between runs, below one folder. */
export class DataFolder {
  /** absolute */
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Where a file of the folder lies. */
  file(...names: readonly string[]): string {
    return join(this.path, ...names)
  }

  /** The bytes of a file; undefined when there is none, or it cannot be read. */
  async read(...names: readonly string[]): Promise<Uint8Array | undefined> {
    return readFile(this.file(...names)).catch(() => undefined)
  }

  /**
   * Writes a file beside its place and renames it, so that a kill leaves the old one or the new.
   *
   * @throws DataFolderError
   */
  async write(bytes: string | Uint8Array, ...names: readonly string[]): Promise<void> {
    const path = this.file(...names)
    const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(beside, bytes, { mode: 0o600 })
      await rename(beside, path)
    } catch (cause) {
      await rm(beside, { force: true }).catch(() => {})
      const code = (cause as { code?: string }).code ?? String(cause)
      throw new DataFolderError(
        `cannot write ${path} (${code}): check that folder, or choose another with --data`,
        { cause }
      )
    }
  }

  /** Removes a file, if it is there. */
  async remove(...names: readonly string[]): Promise<void> {
    await rm(this.file(...names), { force: true }).catch(() => {})
  }
}
