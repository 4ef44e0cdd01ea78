/** Judges by content whether every record came back exactly once and in order. Knows sequences, not where they come from. */

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

  /** A record came; `sequence` −1 means that its bytes are wrong. */
  judge(partition: number, sequence: number): void {
    this.checked++
    const expected = this.next[partition]!
    if (sequence === expected) {
      this.next[partition] = expected + 1
    } else if (sequence < 0) {
      this.damaged++
    } else if (sequence < expected) {
      this.repeated++
    } else {
      this.skipped += sequence - expected
      this.next[partition] = sequence + 1
    }
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
