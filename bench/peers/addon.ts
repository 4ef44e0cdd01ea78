/**
 * Compiles the addon of a peer, and the peer's client for the Node that can load it. Headers of Node are not downloaded: they have to
 * lie beside a Node, whose addon it then is. Knows no peer by name.
 */
import { execFile, spawn } from 'node:child_process'
import { createWriteStream, existsSync, readFileSync, realpathSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface HeaderedNode {
  path: string
  version: string
  /** Its headers lie in `include/node` of this directory. */
  prefix: string
}

/** Older ones lack what the measurement needs. */
const OLDEST_MAJOR = 20
const TOOLS = ['make', 'g++', 'python3']
const NICE = 10
const LONGEST_BUILD_MS = 30 * 60_000

/** The first of these that has its headers: this process's own Node, then those on the PATH. Throws when there is none. */
export async function findNode(paths: readonly string[] = candidates()): Promise<HeaderedNode> {
  const seen: string[] = []
  for (const path of paths) {
    const version = await versionOf(path)
    if (version === undefined || Number(version.split('.')[0]) < OLDEST_MAJOR) continue
    seen.push(`${version} (${path})`)
    const prefix = [dirname(dirname(path)), process.env['npm_config_nodedir']].find(
      (directory) => directory !== undefined && headersOf(directory) === version,
    )
    if (prefix !== undefined) return { path, version, prefix }
  }
  throw new Error(
    `it has to be compiled, and no Node.js has its headers beside it (include/node/node_version.h): looked at ${seen.join(', ')}`,
  )
}

function candidates(): string[] {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, name))
  return [...new Set([process.execPath, ...onPath].filter((path) => existsSync(path)).map((path) => realpathSync(path)))]
}

async function versionOf(node: string): Promise<string | undefined> {
  try {
    return (await run(node, ['-p', 'process.versions.node'], { timeout: 10_000 })).stdout.trim()
  } catch {
    return undefined
  }
}

function headersOf(prefix: string): string | undefined {
  try {
    return versionIn(readFileSync(join(prefix, 'include', 'node', 'node_version.h'), 'utf8'))
  } catch {
    return undefined
  }
}

/** `20.20.2` from the defines of node_version.h. */
export function versionIn(header: string): string {
  const part = (name: string) => new RegExp(`^#define NODE_${name}_VERSION (\\d+)`, 'm').exec(header)?.[1]
  return `${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`
}

/** Runs the node-gyp that the peer's folder has. What it prints goes into `build.log` there. */
export async function buildAddon(folder: string, name: string, node: HeaderedNode, log: (text: string) => void): Promise<void> {
  for (const tool of TOOLS) {
    await run(tool, ['--version']).catch(() => {
      throw new Error(`it has to be compiled, and there is no ${tool}`)
    })
  }
  const output = join(folder, 'build.log')
  log(`compiling ${name} for Node ${node.version}, which takes minutes; see ${output}`)
  const gyp = join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
  // several jobs at once would race: what the addon includes is made by another target
  const args = [gyp, 'rebuild', `--nodedir=${node.prefix}`]
  const child = spawn(node.path, args, {
    cwd: join(folder, 'node_modules', name),
    env: { ...process.env, JOBS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_BUILD_MS,
  })
  setPriority(child.pid!, Math.max(NICE, getPriority()))
  const file = createWriteStream(output)
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  const code = await new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (status, signal) => resolve(signal ?? status)),
  )
  file.end()
  if (code !== 0) throw new Error(`it cannot be compiled (${code}), see ${output}`)
}
