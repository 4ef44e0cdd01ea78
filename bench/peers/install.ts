/** Installs a peer into its folder when it is first measured, or when its package.json asks for something else than it did then. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/** Written last, so that an install that was cut short is done again. */
const DONE = 'node_modules/.installed-for-bench'

/**
 * Install scripts do not run; what has to be compiled is for `build`, and `what` says for what it compiles: another one means compiling
 * again. Throws with the reason when it does not work.
 */
export async function install(
  folder: string,
  log: (text: string) => void,
  what = '',
  build?: () => Promise<void>,
): Promise<void> {
  const wanted = `${readFileSync(join(folder, 'package.json'), 'utf8')}${what}`
  if (textOf(join(folder, DONE)) === wanted) return
  log(`installing ${basename(folder)} into ${folder}`)
  const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts']
  try {
    // on Windows npm is a batch file, which only a shell runs
    await promisify(execFile)('npm', args, { cwd: folder, shell: process.platform === 'win32' })
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    throw new Error(`npm cannot install it: ${(stderr || message).trim()}`)
  }
  await build?.()
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  writeFileSync(join(folder, DONE), wanted)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
