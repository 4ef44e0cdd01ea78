/** Compiles a client and `child.ts`, so that its process runs JavaScript only. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))

/** By the `tsconfig.json` of the folder, which says what and where to. */
export async function compile(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [tsc, '-p', folder])
}
