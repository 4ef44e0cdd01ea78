/**
 * Values that say which partition they are for, who sent them, and the how manieth of their partition they are, so that a log alone shows
 * what was lost, repeated, put in another order or sent elsewhere. Knows no producers.
 */
const HEAD_BYTES = 12

export function writeNumbered(value: Buffer, partition: number, caller: number, sequence: number): Buffer {
  value.writeUInt32LE(partition, 0)
  value.writeUInt32LE(caller, 4)
  value.writeUInt32LE(sequence, 8)
  return value.fill(sequence & 0xff, HEAD_BYTES)
}

/** Where a value is meant to be. */
export function readNumbered(value: Buffer): { partition: number; caller: number; sequence: number } {
  return { partition: value.readUInt32LE(0), caller: value.readUInt32LE(4), sequence: value.readUInt32LE(8) }
}

/** What is wrong with a value found at this place of this partition, in words. */
export function faultOf(value: Buffer | null, valueBytes: number, partition: number, expected: number): string | undefined {
  if (value === null) return 'has no value'
  if (value.length !== valueBytes) return `has ${value.length} bytes`
  const home = value.readUInt32LE(0)
  if (home !== partition) return `was for partition ${home}`
  const sequence = value.readUInt32LE(8)
  if (sequence !== expected) return `is record ${sequence}, where ${expected} belongs`
  for (let at = HEAD_BYTES; at < value.length; at++) if (value[at] !== (sequence & 0xff)) return `is damaged at byte ${at}`
  return undefined
}
