/**
 * The temporary directory of one cluster: data, logs and the record of its processes. Also clears what runs left behind whose own
 * clean-up did not come about. Does not start processes.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './cache.ts'
import { removeAtEnd } from './watchdog.ts'

const PREFIX = 'odradek-kafka-'
const PIDS = 'pids'
const TAIL = 16 * 1024

/** A new directory under the system's temporary one, removed when this process ends. Its name carries our process id. */
export function makeRunDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  removeAtEnd(directory)
  return directory
}

/** Records which processes of the cluster run now. */
export function recordPids(directory: string, pids: readonly number[]): void {
  writeFileSync(join(directory, PIDS), pids.join(' '))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // Not Linux, or gone: ps knows both cases.
  }
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

/** Kills the processes and removes the directories of runs whose own process is gone. */
export function clearLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN
    if (!(owner > 0) || isAlive(owner)) continue
    const directory = join(tmpdir(), name)
    try {
      for (const pid of readFileSync(join(directory, PIDS), 'utf8').split(' ').map(Number)) {
        // The id may belong to another process by now; ours has the directory in its arguments.
        if (pid > 0 && commandLine(pid).includes(directory)) process.kill(pid, 'SIGKILL')
      }
    } catch {
      // No record, or another start was quicker.
    }
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  }
}

export function logFile(directory: string, nodeId: number): string {
  return join(directory, `node-${nodeId}.log`)
}

/** The end of a node's log; empty when there is none. */
export function logTail(directory: string, nodeId: number): string {
  let file: number
  try {
    file = openSync(logFile(directory, nodeId), 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, TAIL))
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString('utf8', 0, read)
  } finally {
    closeSync(file)
  }
}
