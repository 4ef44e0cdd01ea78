/**
 * Where the harness keeps what outlives a run, and the lock that keeps two processes from making the same thing at once.
 * Does not know what is kept.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** `$ODRADEK_KAFKA_CACHE` or `node_modules/.cache/odradek-kafka`; made when it is not there. */
export function cacheDirectory(): string {
  const directory = resolve(
    process.env['ODRADEK_KAFKA_CACHE'] || join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'odradek-kafka'),
  )
  mkdirSync(directory, { recursive: true })
  return directory
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

function holder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/**
 * Runs `work` while no other process holds the lock `file`. A lock whose holder is dead is taken over; should two processes do so at once,
 * both work, so what `work` makes has to appear by an atomic rename.
 */
export async function withLock<T>(file: string, timeoutMs: number, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (let waits = 0; !take(file); waits++) {
    const pid = holder(file)
    if (pid !== undefined && !isAlive(pid)) {
      rmSync(file, { force: true })
      continue
    }
    if (waits === 0) onWait()
    if (Date.now() > deadline)
      throw new Error(`process ${pid} has held ${file} for ${timeoutMs / 1000} s; remove it if that is wrong`)
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
