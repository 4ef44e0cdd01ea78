/**
 * What of a cluster outlives its process: batches of all partitions, and the state of its parts as entries of named sections. A part that
 * wants to be kept is a {@link Section}; who has none to tell of its changes tells them to {@link NO_RECORDS}.
 */
import { deserialize, serialize } from 'node:v8'
import { KafkaError } from '../../../../shared/errors.ts'
import { readInt32, writeInt32 } from '../../../../shared/record-batch.ts'
import { BATCH_PLACE_BYTES, type Entry, EntryType } from './entries.ts'
import type { DataFolder, DiskSpace } from './folder.ts'
import { batchEntry, Journal, stateEntry } from './journal.ts'

/** Where parts of a cluster tell what is to be kept. */
export interface Records {
  /** A batch was appended; its bytes do not change any more. */
  batch(topicId: string, partition: number, bytes: Uint8Array): void
  /** An entry of a section: plain data, Maps, Sets and bytes too. */
  note(section: string, entry: unknown): void
  /** Something of a section may have changed: it is asked before the next writing. */
  touched(section: string, what: string): void
}

export const NO_RECORDS: Records = { batch: () => {}, note: () => {}, touched: () => {} }

/** A part of the cluster that is kept. Entries are given back in the order in which they were noted, before the cluster starts. */
export interface Section {
  readonly name: string
  /** The state as it is, in as few entries as possible. Batches are told of by {@link Records.batch}'s counterpart in the writer. */
  snapshot(writer: SnapshotWriter): void
  restore(entry: unknown): void
  /** A batch that was kept; only of the section that has the logs. */
  restoreBatch?(topicId: string, partition: number, bytes: Uint8Array): void
  /** All entries were given back. */
  restored?(): void
  /** What has been {@link Records.touched} is to be noted now, as far as it did change. */
  noteTouched?(touched: ReadonlySet<string>): void
}

export interface SnapshotWriter {
  note(entry: unknown): void
  batch(topicId: string, partition: number, bytes: Uint8Array): void
}

export class Storage implements Records {
  readonly #folder: DataFolder
  readonly #journal: Journal
  readonly #sections: readonly Section[]
  readonly #touched = new Map<string, Set<string>>()
  #closed = false

  private constructor(folder: DataFolder, sections: readonly Section[], facts: StorageFacts) {
    this.#folder = folder
    this.#sections = sections
    this.#journal = new Journal(folder, {
      snapshot: () => this.#snapshot(),
      get usefulBytes() {
        return facts.usefulBytes()
      },
      beforeFlush: () => this.#noteTouched(),
      onError: (error) => facts.onError(lost(folder, error)),
    })
  }

  /** Takes the folder and gives the sections what is in it. Throws INVALID_OPTION when it cannot be used. */
  static async open(folder: DataFolder, sections: readonly Section[], facts: StorageFacts): Promise<Storage> {
    await folder.take()
    try {
      const storage = new Storage(folder, sections, facts)
      await storage.#journal.open((entry) => storage.#restore(entry))
      for (const section of sections) section.restored?.()
      return storage
    } catch (error) {
      await folder.release()
      throw error
    }
  }

  batch(topicId: string, partition: number, bytes: Uint8Array): void {
    if (!this.#closed) this.#journal.append(batchEntry(placeOf(topicId, partition), bytes))
  }

  note(section: string, entry: unknown): void {
    if (!this.#closed) this.#journal.append(stateEntry(serialize([section, entry])))
  }

  touched(section: string, what: string): void {
    if (this.#closed) return
    const touched = this.#touched.get(section)
    if (touched) touched.add(what)
    else this.#touched.set(section, new Set([what]))
    this.#journal.wake()
  }

  space(): Promise<DiskSpace> {
    return this.#folder.space()
  }

  /** From the call on nothing more is taken; then everything is on the disk and the folder is free. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#noteTouched()
    this.#closed = true
    try {
      await this.#journal.close()
    } finally {
      await this.#folder.release()
    }
  }

  #noteTouched(): void {
    for (const section of this.#sections) {
      const touched = this.#touched.get(section.name)
      if (touched) section.noteTouched?.(touched)
    }
    this.#touched.clear()
  }

  #restore({ type, payload }: Entry): void {
    if (type === EntryType.BATCH) {
      const id = Buffer.from(payload.buffer, payload.byteOffset, 16).toString('base64url')
      const bytes = Uint8Array.prototype.slice.call(payload, BATCH_PLACE_BYTES)
      for (const section of this.#sections) section.restoreBatch?.(id, readInt32(payload, 16), bytes)
      return
    }
    const [name, entry] = deserialize(Uint8Array.prototype.slice.call(payload)) as [string, unknown]
    const section = this.#sections.find((one) => one.name === name)
    if (section === undefined) throw this.#folder.refused(`has entries of '${name}', which this version of odradek does not know`)
    section.restore(entry)
  }

  *#snapshot(): Generator<Uint8Array[]> {
    for (const section of this.#sections) {
      const entries: Uint8Array[][] = []
      section.snapshot({
        note: (entry) => entries.push(stateEntry(serialize([section.name, entry]))),
        batch: (topicId, partition, bytes) => entries.push(batchEntry(placeOf(topicId, partition), bytes)),
      })
      yield* entries
    }
  }
}

export interface StorageFacts {
  /** About how many bytes a journal with nothing useless would have. */
  usefulBytes(): number
  /** Nothing is kept from now on. */
  onError(error: KafkaError): void
}

function placeOf(topicId: string, partition: number): Uint8Array {
  const place = Buffer.alloc(BATCH_PLACE_BYTES)
  place.write(topicId, 'base64url')
  writeInt32(place, 16, partition)
  return place
}

function lost({ path }: DataFolder, cause: unknown): KafkaError {
  const why = `the embedded broker cannot write to ${path} any more: ${(cause as Error).message}`
  return new KafkaError('INTERNAL', `${why}. It goes on in memory; what comes from now on is gone when it ends.`, { cause })
}
