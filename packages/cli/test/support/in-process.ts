import { run } from '../../src/index.ts'
import { quietEnvironment } from './command.ts'
import { folder } from './folder.ts'

/** Runs the command in this process. */
export async function inProcess(
  argv: readonly string[],
  env: Record<string, string> = {},
  signal?: AbortSignal
): Promise<{ code: number; stdout: string; stderr: string }> {
  const texts = { stdout: '', stderr: '' }
  const code = await run(argv, {
    stdout: { write: (text) => (texts.stdout += text) },
    stderr: { write: (text) => (texts.stderr += text) },
    env: { ...quietEnvironment(await folder()), ...env },
    ...(signal && { signal })
  })
  return { code, ...texts }
}
