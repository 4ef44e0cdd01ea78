/** Other Kafka clients for Node.js, as referees of the embedded broker. They are installed into this folder when a test first wants one. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('.', import.meta.url))
const require = createRequire(import.meta.url)

/** Why the peers are not to be had; empty when they are. */
export async function whyNoPeers(): Promise<string> {
  if (existsSync(`${folder}/node_modules`)) return ''
  try {
    await promisify(execFile)('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: folder })
    return ''
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    return `cannot be installed: ${(error as Error).message.trim().split('\n').slice(0, 2).join(' ')}`
  }
}

/** A peer's module; its own types are not there before it is installed. */
export async function peer<T>(name: string): Promise<T> {
  return import(pathToFileURL(require.resolve(name)).href) as Promise<T>
}
