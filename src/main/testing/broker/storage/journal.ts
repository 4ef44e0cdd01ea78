/**
 * A journal on disk: entries are appended in the order they come, written together a little later, read back at the start. When more than half of
 * it is of no use any more it is written anew from what is in memory, beside the old one, which counts until the new one is whole. Knows
 * no topics and no groups.
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Timer } from '../../../../shared/env.ts'
import { nodeEnv } from '../../../../shared/node-env.ts'
import { type Entry, EntryType, entryHead, isDamage, readEntry } from './entries.ts'
import type { DataFolder } from './folder.ts'

/** What is written may wait so long for more. */
export const FLUSH_MS = 50
/** With more than this waiting it does not. */
const FLUSH_BYTES = 4 * 1024 * 1024
/** A journal smaller than this is not written anew. */
const REWRITE_FROM_BYTES = 64 * 1024 * 1024
/** Credentials are in it: nobody else is to read it. */
const MODE = 0o600
const READ_BYTES = 8 * 1024 * 1024

/** Not the cluster's clock: when something gets to the disk must not depend on one that stands still. */
const realTime = nodeEnv()

/** A file that is being appended to, with what waits for it. */
class Target {
  readonly file: FileHandle
  waiting: Uint8Array[] = []
  size: number

  constructor(file: FileHandle, size: number) {
    this.file = file
    this.size = size
  }

  async write(): Promise<void> {
    const chunks = this.waiting
    this.waiting = []
    if (chunks.length === 0) return
    const total = chunks.reduce((sum, { length }) => sum + length, 0)
    let { bytesWritten } = await this.file.writev(chunks)
    if (bytesWritten < total) {
      const rest = Buffer.concat(chunks)
      while (bytesWritten < total) bytesWritten += (await this.file.write(rest, bytesWritten)).bytesWritten
    }
    this.size += total
  }
}

export interface JournalSource {
  /** All that must be in a journal for it to stand alone, as entries; called again whenever it is written anew. */
  snapshot(): Iterable<Uint8Array[]>
  /** How many bytes of it are of use, about. */
  readonly usefulBytes: number
  /** What is to be appended before the next writing; called right before it. */
  beforeFlush(): void
  onError(error: unknown): void
}

export class Journal {
  readonly #folder: DataFolder
  readonly #source: JournalSource
  #number = 0
  #target!: Target
  /** The new one, while it is not whole. */
  #next: Target | undefined
  #waitingBytes = 0
  #timer: Timer | undefined
  #writing: Promise<void> | undefined
  #ended = false

  constructor(folder: DataFolder, source: JournalSource) {
    this.#folder = folder
    this.#source = source
  }

  /** Reads what is there, cuts off a torn tail, and goes on behind it. Throws INVALID_OPTION when it is damaged. */
  async open(onEntry: (entry: Entry) => void): Promise<void> {
    this.#number = await this.#folder.newestJournal()
    if (this.#number === 0) {
      this.#number = 1
      const file = await open(this.#folder.journal(1), 'w', MODE)
      this.#target = new Target(file, 0)
      return
    }
    const path = this.#folder.journal(this.#number)
    const file = await open(path, constants.O_RDWR | constants.O_APPEND)
    try {
      await file.chmod(MODE)
      const end = await this.#read(file, onEntry)
      await file.truncate(end)
      this.#target = new Target(file, end)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  append(entry: readonly Uint8Array[]): void {
    if (this.#ended) return
    for (const target of this.#next ? [this.#target, this.#next] : [this.#target]) target.waiting.push(...entry)
    for (const { length } of entry) this.#waitingBytes += length
    if (this.#waitingBytes >= FLUSH_BYTES) this.#flushSoon(0)
    else if (this.#timer === undefined && this.#writing === undefined) this.#flushSoon(FLUSH_MS)
  }

  /** Something is to be asked of the source soon. */
  wake(): void {
    if (!this.#ended && this.#timer === undefined && this.#writing === undefined) this.#flushSoon(FLUSH_MS)
  }

  /** Resolves when all that was appended before is handed to the system. */
  async flush(): Promise<void> {
    await this.#writing
    this.#source.beforeFlush()
    this.#waitingBytes = 0
    await this.#target.write()
  }

  /** Writes what waits, to the disk itself, and takes nothing more. */
  async close(): Promise<void> {
    this.#cancel()
    await this.flush()
    this.#ended = true
    await this.#target.file.datasync()
    await this.#target.file.close()
  }

  #cancel(): void {
    if (this.#timer) realTime.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #flushSoon(ms: number): void {
    if (this.#writing !== undefined) return
    this.#cancel()
    this.#timer = realTime.setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined
        if (this.#target.waiting.length > 0) this.#flushSoon(this.#waitingBytes >= FLUSH_BYTES ? 0 : FLUSH_MS)
      })
    }, ms)
  }

  async #write(): Promise<void> {
    try {
      this.#source.beforeFlush()
      this.#waitingBytes = 0
      await this.#target.write()
      const { size } = this.#target
      if (size > REWRITE_FROM_BYTES && size > 2 * this.#source.usefulBytes) await this.rewrite()
    } catch (error) {
      this.#ended = true // What follows a gap would be damage.
      this.#source.onError(error)
    }
  }

  /** Writes a new journal with what is of use alone. */
  async rewrite(): Promise<void> {
    const number = this.#number + 1
    const next = new Target(await open(this.#folder.unfinished(number), 'w', MODE), 0)
    for (const entry of this.#source.snapshot()) next.waiting.push(...entry)
    // What comes from here on goes to both: the old one counts until the new one is whole.
    this.#next = next
    try {
      while (next.waiting.length > 0) await Promise.all([next.write(), this.#target.write()])
      await next.file.datasync()
      await this.#folder.finish(number)
    } catch (error) {
      await next.file.close()
      throw error
    } finally {
      this.#next = undefined
    }
    const old = this.#target
    // What came during the last steps waits for both, and is wanted in the new one alone.
    this.#target = next
    this.#number = number
    await old.file.close()
  }

  /** Gives out every entry and says where the last one ends. */
  async #read(file: FileHandle, onEntry: (entry: Entry) => void): Promise<number> {
    let bytes: Uint8Array = new Uint8Array(0)
    let position = 0
    let before = 0
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(Math.max(READ_BYTES, bytes.length))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position)
      position += bytesRead
      bytes = bytes.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([bytes, chunk.subarray(0, bytesRead)])
      let at = 0
      let entry = readEntry(bytes, at)
      while (typeof entry === 'object') {
        onEntry(entry)
        at = entry.end
        entry = readEntry(bytes, at)
      }
      before += at
      bytes = bytes.subarray(at)
      if (entry === 'none' || bytesRead === 0) {
        const all = entry === 'none' ? await rest(file, bytes, position) : bytes
        if (isDamage(all, 0)) throw this.#folder.refused(`is damaged: ${this.#folder.journal(this.#number)} at byte ${before}`)
        return before
      }
    }
  }
}

/** What follows, as far as it takes to see whether an entry follows. */
async function rest(file: FileHandle, bytes: Uint8Array, position: number): Promise<Uint8Array> {
  const { size } = await file.stat()
  const more = Buffer.alloc(Math.min(size - position, READ_BYTES))
  await file.read(more, 0, more.length, position)
  return Buffer.concat([bytes, more])
}

export const stateEntry = (payload: Uint8Array): Uint8Array[] => [entryHead(EntryType.STATE, [payload]), payload]

export const batchEntry = (place: Uint8Array, batch: Uint8Array): Uint8Array[] => [
  entryHead(EntryType.BATCH, [place, batch]),
  place,
  batch,
]
