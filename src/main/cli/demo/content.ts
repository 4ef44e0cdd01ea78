/**
 * What the demo's records say: who they are, when they were sent, and bytes that follow from who they are, so that whoever reads
 * them can check every one with a comparison. Knows no client.
 */

export const RECORD_BYTES = 100

// int32 partition, float64 sequence, float64 time of sending, then the bytes derived from the first two
const SEQUENCE = 4
const SENT = 12
const BODY = 20
const BODY_BYTES = RECORD_BYTES - BODY
/** Bodies are windows on this noise. */
const NOISE_BYTES = 1 << 16

/** Noise from a seed that never changes: every thread makes the same. */
function makeNoise(): Buffer {
  const words = new Int32Array(NOISE_BYTES / 4)
  let state = 0x9e3779b9 | 0
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return Buffer.from(words.buffer)
}

const noise = makeNoise()

/** Where the body of a record begins in the noise. Neighbours lie far apart. */
function bodyStart(partition: number, sequence: number): number {
  return (Math.imul(sequence ^ Math.imul(partition + 1, 0x85ebca6b), 0x9e3779b1) >>> 0) % (NOISE_BYTES - BODY_BYTES)
}

/** Milliseconds on a clock that all threads of the process share. */
export function clock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

/** Makes `record` the one with this identity; `sent` is a time of {@link clock}. */
export function fillRecord(record: Buffer, partition: number, sequence: number, sent: number): void {
  record.writeInt32LE(partition, 0)
  record.writeDoubleLE(sequence, SEQUENCE)
  record.writeDoubleLE(sent, SENT)
  const start = bodyStart(partition, sequence)
  noise.copy(record, BODY, start, start + BODY_BYTES)
}

/** The sequence that the record claims; −1 when any of its bytes is not what that record was made of. */
export function sequenceOf(record: Buffer | null, partition: number): number {
  if (record?.length !== RECORD_BYTES || record.readInt32LE(0) !== partition) return -1
  const sequence = record.readDoubleLE(SEQUENCE)
  if (!Number.isSafeInteger(sequence) || sequence < 0) return -1
  const start = bodyStart(partition, sequence)
  return record.compare(noise, start, start + BODY_BYTES, BODY) === 0 ? sequence : -1
}

/** When the record was sent. */
export function sentAt(record: Buffer): number {
  return record.readDoubleLE(SENT)
}
