/**
 * A vitest globalSetup: makes one file of each kind of thread, as `npm run build` does, from the sources as they are. Tests start thousands
 * of threads, and loading two hundred modules in each was more than a third of all work. `thread-files-preload.mjs` has them used.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import type { TestProject } from 'vitest/node'
import { bundle, threadFiles } from '../../rolldown.config.ts'

/** Within it packages are found as from the sources. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/odradek', import.meta.url))

export default async function setup(project: TestProject): Promise<() => void> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'threads-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  await make(folder)
  process.env['ODRADEK_TEST_THREADS'] = folder
  project.onTestsRerun(() => make(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}

async function make(folder: string): Promise<void> {
  for (const thread of threadFiles) {
    const { output, ...input } = bundle(thread)
    await using made = await rolldown({ ...input, cwd: fileURLToPath(new URL('../..', import.meta.url)) })
    await made.write({ ...(Array.isArray(output) ? output[0] : output), dir: folder })
  }
}
