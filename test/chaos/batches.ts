/** Lies about one record batch within the bytes of a Fetch answer. The answer's own sizes are right, neighbours stay true. */
import { attributes, BATCH_OVERHEAD, BatchField, batchCrc, LOG_OVERHEAD } from '../../src/shared/record-batch.ts'

/** Changes a copy of one batch in place, or makes another one of it. */
export type BatchLie = (batch: Buffer) => Buffer | undefined

/** The records with a lie in the batch that begins at `offset`; the same bytes when there is none. */
export function lieAt(records: Buffer, offset: number, lie: BatchLie): Buffer {
  for (let at = 0; at + LOG_OVERHEAD <= records.length; ) {
    const end = at + LOG_OVERHEAD + records.readInt32BE(at + BatchField.length)
    if (end > records.length) break
    if (Number(records.readBigInt64BE(at)) === offset) {
      const batch = Buffer.from(records.subarray(at, end))
      return Buffer.concat([records.subarray(0, at), lie(batch) ?? batch, records.subarray(end)])
    }
    at = end
  }
  return records
}

/** The lie with a checksum that agrees to it. */
export const checksummed =
  (lie: BatchLie): BatchLie =>
  (batch) => {
    const made = lie(batch) ?? batch
    made.writeUInt32BE(batchCrc(made, 0, made.length), BatchField.crc)
    return made
  }

/** Other bytes behind the header, whose length field and checksum agree to them. */
export const recordBytes = (change: (records: Buffer) => Uint8Array): BatchLie =>
  checksummed((batch) => {
    const made = Buffer.concat([batch.subarray(0, BATCH_OVERHEAD), change(batch.subarray(BATCH_OVERHEAD))])
    made.writeInt32BE(made.length - LOG_OVERHEAD, BatchField.length)
    return made
  })

export const wrongChecksum: BatchLie = (batch) => {
  batch[batch.length - 2] = batch[batch.length - 2]! ^ 1
}

export const magic =
  (value: number): BatchLie =>
  (batch) =>
    void batch.writeInt8(value, BatchField.magic)

export const codec = (value: number): BatchLie =>
  checksummed((batch) => {
    const bits = batch.readInt16BE(BatchField.attributes)
    batch.writeInt16BE(attributes.withCodec(bits, value), BatchField.attributes)
  })

export const batchLength =
  (value: number): BatchLie =>
  (batch) =>
    void batch.writeInt32BE(value, BatchField.length)

export const recordCount = (value: number): BatchLie =>
  checksummed((batch) => void batch.writeInt32BE(value, BatchField.recordCount))

/** A byte of an uncompressed batch; −1 is the last record's count of headers, when it has none. */
export const byteAt = (at: number, value: number): BatchLie =>
  checksummed((batch) => {
    batch[at < 0 ? batch.length + at : at] = value
  })
