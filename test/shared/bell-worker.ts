/** The far side of the wake-up test: takes entries from one ring and sends each back through the other, asleep in between. */
import { workerData } from 'node:worker_threads'
import { sharedBells } from '../../src/shared/io-memory.ts'
import { RingReader, RingWriter } from '../../src/shared/ring.ts'

const { memory, count, watches } = workerData
const bells = sharedBells(memory)
const reader = new RingReader(memory.submission)
const writer = new RingWriter(memory.completion)
let seen = 0
const keepAlive = setInterval(() => {}, 1000)

const hasWork = () => !reader.empty
const now = () => performance.now()

function pump(): void {
  for (let at = reader.next(); at >= 0; at = reader.next()) {
    const size = reader.int32[at >> 2]!
    const to = writer.reserve(size)
    if (to < 0) {
      reader.release()
      bells.roomToComplete.sleep(() => writer.used < writer.capacity / 2, pump)
      return
    }
    for (let word = 0; word < size >> 2; word++) writer.int32[(to >> 2) + word] = reader.int32[(at >> 2) + word]!
    writer.commit(size)
    reader.advance(size)
    seen++
  }
  reader.release()
  writer.publish()
  bells.completed.ring()
  bells.roomToSubmit.ring()
  if (seen === count) clearInterval(keepAlive)
  else if (watches && bells.submitted.watch(hasWork, now)) setImmediate(pump)
  else bells.submitted.sleep(hasWork, pump)
}
pump()
