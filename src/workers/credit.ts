/** What main waits to read: one position of one partition, asked for until it was answered or given up. */
import type { FetchPart } from './fetch-session.ts'
import type { Partition } from './partition.ts'

export class Credit implements FetchPart {
  readonly ticket: number
  readonly partition: Partition
  readonly offset: number
  readonly maxBytes: number
  readonly minBytes: number
  readonly waitUntil: number
  readonly givenAt: number
  notBefore = 0
  failures = 0
  corrupt = 0
  /** Asked for beside a long poll already, without result. */
  bypassed = false

  constructor(
    ticket: number,
    partition: Partition,
    offset: number,
    maxBytes: number,
    waitUntil: number,
    minBytes: number,
    now: number,
  ) {
    this.ticket = ticket
    this.partition = partition
    this.offset = offset
    this.maxBytes = maxBytes
    this.minBytes = minBytes
    this.waitUntil = waitUntil
    this.givenAt = now
  }
}
