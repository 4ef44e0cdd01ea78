/** What main waits to read: one position of one partition, asked for until it was answered or given up. */
import type { CreditTerms } from '../shared/submission-format.ts'
import type { FetchPart } from './fetch-session.ts'
import type { Partition } from './partition.ts'

export class Credit implements FetchPart {
  readonly ticket: number
  readonly partition: Partition
  readonly offset: number
  readonly maxBytes: number
  readonly minBytes: number
  readonly fetcher: number
  readonly readCommitted: boolean
  readonly patient: boolean
  readonly lastFetchedEpoch: number
  readonly waitUntil: number
  readonly givenAt: number
  /** When it was given, or a broker last had an answer for it. */
  heardAt: number
  notBefore = 0
  failures = 0
  corrupt = 0
  /** How often it was asked for beside a long poll, without result. */
  bypasses = 0
  /** Not beside a long poll before that. */
  bypassAt = 0

  constructor(ticket: number, partition: Partition, terms: CreditTerms, now: number) {
    this.ticket = ticket
    this.partition = partition
    this.offset = terms.offset
    this.maxBytes = terms.maxBytes
    this.minBytes = terms.minBytes
    this.fetcher = terms.fetcher
    this.readCommitted = terms.readCommitted
    this.patient = terms.patient
    this.lastFetchedEpoch = terms.lastFetchedEpoch
    this.waitUntil = now + terms.maxWaitMs
    this.givenAt = now
    this.heardAt = now
  }
}
