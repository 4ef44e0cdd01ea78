/** Which clients there are, where their modules lie, and how peers are installed. A new one is a line here and a module. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface KnownClient {
  key: string
  /** URL of a module with `load`, see `client.ts`. */
  module: string
  /** The folder of a peer, with its own package.json. */
  folder?: string
}

const url = (path: string) => new URL(path, import.meta.url)
const own = (key: string): KnownClient => ({ key, module: url(`clients/${key}.ts`).href })
const peer = (key: string): KnownClient => ({
  key,
  module: url(`peers/${key}/client.ts`).href,
  folder: fileURLToPath(url(`peers/${key}`)),
})

const known = [own('odradek'), peer('platformatic'), own('ceiling')]

export const clientKeys: readonly string[] = known.map(({ key }) => key)

/** The client as it is here, or why it is not to be had. Installs a peer that is not installed yet. */
export async function prepare(key: string, log: (text: string) => void): Promise<KnownClient | string> {
  const client = known.find((each) => each.key === key)
  if (!client) return `unknown; there are ${clientKeys.join(', ')}`
  const { folder } = client
  if (folder === undefined || existsSync(`${folder}/node_modules`)) return client
  log(`installing ${key} into bench/peers/${key}`)
  try {
    await promisify(execFile)('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: folder })
    return client
  } catch (error) {
    return `cannot be installed: ${(error as Error).message.trim().split('\n').slice(0, 3).join(' ')}`
  }
}
