/**
 * Tells the I/O workers what the view of the cluster became. Changes wait here until the workers have them; only then does the
 * main thread see them, so that a worker knows a handle before a record for it arrives. Knows nothing of where changes come from.
 */
import type { WireError } from '../shared/errors.ts'
import type { BrokerAddress, IoApi, PartitionLeader } from '../shared/io-api.ts'

export type ViewSink = Pick<IoApi, 'setBrokers' | 'setPartitions' | 'dropPartitions'>

interface Changes {
  brokers: BrokerAddress[] | undefined
  dropped: { handles: number[]; error: WireError }[]
  /** By handle: of several changes only the last one counts. */
  partitions: Map<number, PartitionLeader>
}

export class ViewOutbox {
  readonly #io: ViewSink
  #waiting: Changes = noChanges()
  /** One flush at a time, in order. */
  #tail: Promise<void> = Promise.resolve()

  constructor(io: ViewSink) {
    this.#io = io
  }

  brokers(brokers: BrokerAddress[]): void {
    this.#waiting.brokers = brokers
  }

  partitions(partitions: readonly PartitionLeader[]): void {
    for (const partition of partitions) this.#waiting.partitions.set(partition.handle, partition)
  }

  drop(handles: number[], error: WireError): void {
    for (const handle of handles) this.#waiting.partitions.delete(handle)
    if (handles.length > 0) this.#waiting.dropped.push({ handles, error })
  }

  /** Sends what waits; `snapshot` is called when it is taken, `publish` with its result when all workers have it. */
  flush<T>(snapshot: () => T, publish: (taken: T) => void): Promise<void> {
    const flushed = this.#tail.then(async () => {
      const changes = this.#waiting
      const taken = snapshot()
      this.#waiting = noChanges()
      try {
        if (changes.brokers !== undefined) await this.#io.setBrokers(changes.brokers)
        for (const { handles, error } of changes.dropped) await this.#io.dropPartitions(handles, error)
        if (changes.partitions.size > 0) await this.#io.setPartitions([...changes.partitions.values()])
      } catch (error) {
        this.#takeBack(changes)
        throw error
      }
      publish(taken)
    })
    this.#tail = flushed.catch(() => undefined)
    return flushed
  }

  /** What could not be told is told again, unless something newer waits. */
  #takeBack({ brokers, dropped, partitions }: Changes): void {
    const newer = this.#waiting
    newer.brokers ??= brokers
    const droppedSince = new Set(newer.dropped.flatMap(({ handles }) => handles))
    newer.dropped.unshift(...dropped)
    for (const [handle, partition] of partitions) {
      if (!droppedSince.has(handle) && !newer.partitions.has(handle)) newer.partitions.set(handle, partition)
    }
  }
}

function noChanges(): Changes {
  return { brokers: undefined, dropped: [], partitions: new Map() }
}
