/**
 * Judges by what handlers report whether every record came back exactly once and in order: puts the batches of each partition together.
 * Knows sequences, not where they come from.
 */
import type { Run } from './report.ts'

export class Verdict {
  /** By partition, how many were sent and what is expected next. */
  readonly sent: number[]
  readonly next: number[]
  checked = 0
  damaged = 0
  repeated = 0
  skipped = 0

  constructor(partitions: number) {
    this.sent = new Array(partitions).fill(0)
    this.next = new Array(partitions).fill(0)
  }

  /** A batch was handled; those of a partition come in the order of their offsets. */
  judge(partition: number, { first, last, records, damaged, repeated, skipped }: Run): void {
    const expected = this.next[partition]!
    this.checked += records
    this.damaged += damaged
    this.repeated += repeated
    this.skipped += skipped
    if (first < 0) return
    if (first > expected) this.skipped += first - expected
    else this.repeated += Math.min(expected, last + 1) - first
    this.next[partition] = Math.max(expected, last + 1)
  }

  get totalSent(): number {
    return this.sent.reduce((sum, count) => sum + count, 0)
  }

  /** Sent and not seen yet, all partitions together. */
  get behind(): number {
    return this.totalSent - this.next.reduce((sum, count) => sum + count, 0)
  }

  get perfect(): boolean {
    return this.behind === 0 && this.checked === this.totalSent && this.damaged + this.repeated + this.skipped === 0
  }

  /** What is wrong so far, in words; empty when nothing is. */
  get complaints(): string {
    const counts: [number, string][] = [
      [this.damaged, 'damaged'],
      [this.repeated, 'repeated or out of order'],
      [this.skipped, 'passed over'],
    ]
    return counts
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count.toLocaleString('en')} ${what}`)
      .join(', ')
  }
}
