/**
 * A vitest globalSetup: makes one file of each kind of thread, as `npm run build` does, from the sources as they are. Tests start thousands
 * of threads, and loading two hundred modules in each was more than a third of all work. `thread-files-preload.mjs` has them used.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { bundleThreads } from '../../bundle-threads.ts'

/** Within it packages are found as from the sources. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/odradek', import.meta.url))

export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  // of another project of the same run
  if (process.env['ODRADEK_TEST_THREADS'] !== undefined) return undefined
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'threads-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  await bundleThreads(folder)
  process.env['ODRADEK_TEST_THREADS'] = folder
  project.onTestsRerun(() => bundleThreads(folder))
  return () => {
    delete process.env['ODRADEK_TEST_THREADS']
    rmSync(folder, { recursive: true, force: true })
  }
}
