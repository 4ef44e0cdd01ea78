/** Decompression bombs: bytes that claim, or hold, hundreds of times what they are. Made by hand, since no compressor lies. */
import { gzipSync } from 'node:zlib'
import { lz4 } from '../../../src/shared/compression/lz4.ts'

const MIB = 1024 * 1024

export interface Bomb {
  codec: 'gzip' | 'snappy' | 'lz4' | 'zstd'
  name: string
  make: () => Buffer
}

export const bombs: readonly Bomb[] = [
  { codec: 'gzip', name: '0.5 MiB that hold 512', make: () => repeated(gzipSync(Buffer.alloc(MIB)), 512) },
  { codec: 'zstd', name: '16 KiB that hold 512', make: () => zstdRuns(21, 4096) },
  { codec: 'zstd', name: '16 KiB that hold 512, with a window of 128', make: () => zstdRuns(27, 4096) },
  { codec: 'snappy', name: '0.5 MiB that claim 4095', make: () => snappyBlock(2 ** 32 - 1, MIB / 2, 0) },
  { codec: 'snappy', name: '0.5 MiB that claim 4 and hold 10', make: () => snappyBlock(4 * MIB, 64, Math.floor(MIB / 6)) },
  { codec: 'snappy', name: '24 MiB that hold 512', make: () => snappyBlock(512 * MIB, 64, 8 * MIB - 1) },
  { codec: 'snappy', name: '24 MiB in frames that hold 512', make: () => snappyFrames(snappyBlock(MIB, 64, 16 * 1024 - 1), 512) },
  { codec: 'lz4', name: 'a content size of 2^62', make: () => lz4Frame(2 ** 62, 1) },
  { codec: 'lz4', name: '2 MiB that hold 512 and claim one', make: () => lz4Frame(MIB, 128) },
  { codec: 'lz4', name: '2 MiB that hold 512 and claim nothing', make: () => lz4Frame(undefined, 128) },
  { codec: 'lz4', name: '2 MiB in frames that hold 512', make: () => repeated(lz4Frame(undefined, 1), 128) },
]

function repeated(bytes: Buffer, times: number): Buffer {
  return Buffer.alloc(bytes.length * times, bytes)
}

/** A frame of blocks that are each one byte, repeated 128 Ki times. */
function zstdRuns(windowLog: number, blocks: number): Buffer {
  const block = Buffer.alloc(4)
  block.writeUIntLE((1 << 1) | ((128 * 1024) << 3), 0, 3)
  const last = Buffer.from(block)
  last[0]! |= 1
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3])
  return Buffer.concat([header, repeated(block, blocks - 1), last])
}

/** A block that claims what it likes, with `literals` bytes and then `copies` of 64 bytes, in three bytes each. */
function snappyBlock(claimed: number, literals: number, copies: number): Buffer {
  const length: number[] = []
  let rest = claimed
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) length.push((rest % 128) | 0x80)
  length.push(rest)
  const literal = Buffer.alloc(5 + literals)
  literal[0] = 63 << 2
  literal.writeUInt32LE(literals - 1, 1)
  return Buffer.concat([Buffer.from(length), literal, repeated(Buffer.from([(63 << 2) | 2, 1, 0]), copies)])
}

function snappyFrames(block: Buffer, count: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(block.length)
  return Buffer.concat([Buffer.from('82534e41505059000000000100000001', 'hex'), repeated(Buffer.concat([length, block]), count)])
}

/** A frame of blocks that hold 4 MiB each. */
function lz4Frame(claimed: number | undefined, blocks: number): Buffer {
  const whole = Buffer.from(lz4.compress(Buffer.alloc(4 * MIB), undefined))
  const body = repeated(whole.subarray(7, -4), blocks)
  return Buffer.concat([claimed === undefined ? whole.subarray(0, 7) : sizedHeader(claimed), body, Buffer.alloc(4)])
}

/** The header of a frame with a content size; the last byte is its checksum, which lz4_flex agrees with. */
function sizedHeader(claimed: number): Buffer {
  const header = Buffer.from(`04224d186870${'00'.repeat(8)}${claimed === MIB ? '41' : 'cc'}`, 'hex')
  header.writeBigUInt64LE(BigInt(claimed), 6)
  return header
}
