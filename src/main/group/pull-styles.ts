/** A group without a handler as an async iterator and as a stream. Both take batches one by one and never read ahead. */
import { Readable } from 'node:stream'
import type { ConsumerGroup } from './consumer-group.ts'
import type { Pull, PulledBatch } from './pull.ts'

/** Asking for the next batch commits the one before; ending early gives it back. */
export function batchesOf(group: ConsumerGroup, pull: Pull): AsyncIterator<PulledBatch, undefined> {
  let inHand: PulledBatch | undefined
  let started: Promise<void> | undefined
  return {
    async next() {
      await (started ??= group.startOnce())
      if (inHand && !inHand.signal.aborted && pull.holds(inHand)) await group.commit(inHand)
      inHand = await group.pull()
      return inHand ? { done: false, value: inHand } : { done: true, value: undefined }
    },
    async return() {
      if (inHand) pull.giveBack(inHand)
      inHand = undefined
      return { done: true, value: undefined }
    },
  }
}

export function streamOf(group: ConsumerGroup, pull: Pull): Readable {
  let started: Promise<void> | undefined
  const abort = new AbortController()
  const open = new Set<PulledBatch>()
  return new Readable({
    objectMode: true,
    // a batch in a buffer would be held although nobody works on it
    highWaterMark: 0,
    read() {
      ;(started ??= group.startOnce())
        .then(() => group.pull({ signal: abort.signal }))
        .then(
          (batch) => {
            if (batch) open.add(batch)
            this.push(batch ?? null)
          },
          (error) => this.destroy(error),
        )
    },
    destroy(error, callback) {
      abort.abort()
      for (const batch of open) pull.giveBack(batch)
      callback(error)
    },
  })
}
