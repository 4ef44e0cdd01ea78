/** Results before anything is measured: which machine, which versions, which state of the code. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Results, SCHEMA } from './results.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `command` does it again. */
export function emptyResults(settings: Results['settings'], command: string): Results {
  const processors = cpus()
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }
  const now = new Date().toISOString()
  return {
    schema: SCHEMA,
    started: now,
    finished: now,
    complete: false,
    command,
    machine: {
      system: `${process.platform} ${release()} ${process.arch}`,
      processors: processors.length,
      model: processors[0]?.model.trim() ?? 'unknown',
      memoryGB: Math.round(totalmem() / 2 ** 30),
    },
    versions: { odradek: version, commit: commitHere(), node: process.version, kafka: 'no Kafka' },
    settings,
    missing: [],
    series: [],
    micro: [],
  }
}

/** Which state of the code it is; undefined where there is no git. */
function commitHere(): string | undefined {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const changed = git('status', '--porcelain', '--untracked-files=no', 'src') !== ''
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' and changes' : ''}`
  } catch {
    return undefined
  }
}
