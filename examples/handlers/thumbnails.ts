/** A handler as a module: each thread of the group loads it once and has its own of everything in it. See `../threads.ts`. */
import { createHash } from 'node:crypto'
import { BroadcastChannel, threadId } from 'node:worker_threads'
import type { ConsumedRecord, HandlerResult } from '../../src/main/index.ts'

let done: BroadcastChannel

/** Before anything else in the thread, and awaited: the place for connections, models, caches. */
export function setup(): void {
  done = new BroadcastChannel('thumbnails')
}

/** As long as it likes: the main thread and the heartbeats go on. */
export function handleRecordBatch(_topic: string, partition: number, records: ConsumedRecord[]): HandlerResult {
  for (const { value } of records) shrink(value!)
  done.postMessage({ thread: threadId, partition, count: records.length })
  return 'commit'
}

/** When the thread ends in good order. */
export function teardown(): void {
  done.close()
}

/** Stands for work that takes a processor for some milliseconds. */
function shrink(image: Buffer): Buffer {
  let digest = image
  for (let i = 0; i < 5_000; i++) digest = createHash('sha256').update(digest).digest()
  return digest
}
