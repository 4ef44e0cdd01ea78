/**
 * The folder that a broker keeps its data in: the marker that says so, the lock against a second broker, and which journal counts. Knows
 * nothing of what is in a journal.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { KafkaError } from '../../../../shared/errors.ts'
import { nodeEnv } from '../../../../shared/node-env.ts'

/** Grows with every change that older versions cannot read. */
const FORMAT = 1
const MARKER = 'odradek-broker.json'
const LOCK = 'lock'
const JOURNAL = /^(\d{10})\.journal$/
const UNFINISHED = '.tmp'
/** Two looks at when a process started differ by less. */
const SAME_START_MS = 10_000

interface Owner {
  pid: number
  /** What tells a process from an earlier one with its number, where the system says so. */
  started: string | null
  startedAt: number
  token: string
}

export interface DiskSpace {
  readonly totalBytes: number
  readonly usableBytes: number
}

export class DataFolder {
  readonly path: string
  readonly #token = randomUUID()

  constructor(path: string) {
    this.path = resolve(path)
  }

  /** Makes the folder if need be and takes it. Throws INVALID_OPTION when it is somebody else's. */
  async take(): Promise<void> {
    const files = await this.#files()
    if (!files.includes(MARKER) && files.some((name) => name !== LOCK))
      throw this.refused('has files in it, but was not made by an embedded broker. Name an empty or a new folder')
    await this.#lock()
    try {
      await this.#checkMarker(files)
    } catch (error) {
      await this.release()
      throw error
    }
  }

  async release(): Promise<void> {
    const owner = await this.#owner()
    if (owner?.token === this.#token) await rm(this.#in(LOCK), { force: true })
  }

  /** The number of the journal that counts, 0: there is none. Removes what was left unfinished or is superseded. */
  async newestJournal(): Promise<number> {
    const files = await this.#files()
    const numbers = files.map((name) => Number(JOURNAL.exec(name)?.[1] ?? 0))
    const newest = Math.max(0, ...numbers)
    const old = files.filter((name, i) => name.endsWith(UNFINISHED) || (numbers[i]! > 0 && numbers[i] !== newest))
    for (const name of old) await rm(this.#in(name), { force: true })
    return newest
  }

  journal(number: number): string {
    return this.#in(`${String(number).padStart(10, '0')}.journal`)
  }

  unfinished(number: number): string {
    return this.journal(number) + UNFINISHED
  }

  /** A journal is whole: from now on it counts. */
  async finish(number: number): Promise<void> {
    await rename(this.unfinished(number), this.journal(number))
    if (number > 1) await rm(this.journal(number - 1), { force: true })
  }

  /** Of the disk that the folder is on. */
  async space(): Promise<DiskSpace> {
    const { blocks, bavail, bsize } = await statfs(this.path)
    return { totalBytes: blocks * bsize, usableBytes: bavail * bsize }
  }

  refused(why: string, cause?: unknown): KafkaError {
    return new KafkaError('INVALID_OPTION', `startBroker(): option 'dataDir': the folder ${this.path} ${why}.`, {
      option: 'dataDir',
      ...(cause !== undefined && { cause }),
    })
  }

  #in(name: string): string {
    return join(this.path, name)
  }

  async #files(): Promise<string[]> {
    try {
      await mkdir(this.path, { recursive: true })
      return await readdir(this.path)
    } catch (error) {
      throw this.refused(`cannot be used (${(error as Error).message})`, error)
    }
  }

  async #checkMarker(files: string[]): Promise<void> {
    if (!files.includes(MARKER)) {
      await writeFile(this.#in(MARKER), `${JSON.stringify({ format: FORMAT })}\n`)
      return
    }
    let format: unknown
    try {
      format = (JSON.parse(await readFile(this.#in(MARKER), 'utf8')) as { format?: unknown }).format
    } catch (error) {
      throw this.refused(`is damaged: ${MARKER} cannot be read`, error)
    }
    if (format !== FORMAT) throw this.refused(`has the format ${format}, and this version of odradek knows ${FORMAT} alone`)
  }

  /** The lock is a file with the name of a process, so that one whose owner died is no lock. */
  async #lock(): Promise<void> {
    const owner: Owner = { pid: process.pid, started: await startOf(process.pid), startedAt: startedAt(), token: this.#token }
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const file = await open(this.#in(LOCK), 'wx')
        await file.writeFile(JSON.stringify(owner)).finally(() => file.close())
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
          throw this.refused(`cannot be used (${(error as Error).message})`, error)
      }
      const other = await this.#owner()
      if (other && (await isAlive(other)))
        throw this.refused(`is in use by the broker in process ${other.pid}. Close that one, or name another folder`)
      await rm(this.#in(LOCK), { force: true })
    }
    throw this.refused('is being taken by another broker')
  }

  async #owner(): Promise<Owner | undefined> {
    try {
      return JSON.parse(await readFile(this.#in(LOCK), 'utf8')) as Owner
    } catch {
      return undefined // none, or not written whole by one that died
    }
  }
}

const startedAt = (): number => nodeEnv().wallClock() - process.uptime() * 1000

/** What Linux says of a process's start: since when in ticks, and in which life of the machine. Null elsewhere. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    // the name of the program, in brackets, may hold anything
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${boot.trim()} ${ticks}`
  } catch {
    return null
  }
}

async function isAlive({ pid, started, startedAt: since }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const now = await startOf(pid)
  if (started !== null && now !== null) return started === now
  return pid !== process.pid || Math.abs(since - startedAt()) < SAME_START_MS
}
