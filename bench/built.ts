/** Whether `dist` is what the sources say. */
import { existsSync, globSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const BUILT = `${root}dist/main/index.js`

/** True when there is a build and no source is newer. */
export function isBuilt(): boolean {
  if (!existsSync(BUILT)) return false
  const built = statSync(BUILT).mtimeMs
  return globSync('src/**/*.ts', { cwd: root }).every((file) => statSync(root + file).mtimeMs <= built)
}
