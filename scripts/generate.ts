/**
 * Writes `<name>.js` and `<name>.d.ts` beside every `packages/<module>/src/pb/<name>.proto`.
 *
 * protons makes TypeScript with namespaces, which Node's type stripping refuses, so what is
 * committed is that TypeScript already compiled.
 */
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { generate as protons } from 'protons'
import ts from 'typescript'

export interface Generated {
  js: string
  dts: string
}

/** The compiled form of one `.proto` file; nothing is written. */
export async function generate(proto: string): Promise<Generated> {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-pb-'))
  try {
    await protons(proto, { output: folder, strict: true })
    const source = await readFile(join(folder, basename(proto, '.proto') + '.ts'), 'utf8')
    return compile(basename(proto), source)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function compile(name: string, source: string): Generated {
  const header = `// Generated from ${name} by \`npm run generate\`; change that file instead.\n`
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    declaration: true
  }
  const ours = source
    // what we encode often lies in a view of a larger buffer, which the narrower type would refuse
    .replaceAll('Uint8Array<ArrayBuffer>', 'Uint8Array')
    // one dependency less
    .replace(/^import .* from 'uint8arrays\/alloc'\n/m, '')
    .replaceAll('uint8ArrayAlloc(0)', 'new Uint8Array(0)')
  return {
    js: header + ts.transpileModule(ours, { compilerOptions }).outputText,
    dts: header + ts.transpileDeclaration(ours, { compilerOptions }).outputText
  }
}

async function main(): Promise<void> {
  for await (const proto of glob('packages/*/src/pb/*.proto')) {
    const { js, dts } = await generate(proto)
    const stem = proto.slice(0, -'.proto'.length)
    await writeFile(`${stem}.js`, js)
    await writeFile(`${stem}.d.ts`, dts)
    console.log(`${stem}.js`)
  }
}

if (import.meta.main) await main()
