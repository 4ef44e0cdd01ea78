/** Runs a command of `bench/` as a person does, in a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** `whenSaid`: what to do as soon as its standard error has this text. */
export function bench(script: string, args: string[], whenSaid?: [string, (pid: number) => void]): Promise<Ended> {
  // the test runner's own flags are not for it
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, [join('bench', script), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = { out: '', err: '' }
  let wanted = whenSaid
  child.stdout.on('data', (bytes) => (ended.out += bytes))
  child.stderr.on('data', (bytes) => {
    ended.err += bytes
    if (!wanted || !ended.err.includes(wanted[0])) return
    const act = wanted[1]
    wanted = undefined
    act(child.pid!)
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...ended })))
}

/** A folder that is gone after the test, with these files in it. */
export function folderWith(files: Record<string, unknown> = {}): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return (name) => join(folder, name)
}
