/**
 * Exponential back-off with jitter (KIP-580, https://cwiki.apache.org/confluence/display/KAFKA/KIP-580%3A+Exponential+Backoff+for+Kafka+Clients): each pause is twice the one before,
 * ± 20 %, so that clients which failed together do not return together. Knows no clock and no timer.
 */

export interface BackoffBounds {
  /** The first pause before jitter. */
  initialMs: number
  /** No pause is longer, jitter included. */
  maxMs: number
}

const JITTER = 0.2

/** The pause after `failures` failures in a row (1 or more); `random` is in [0, 1). */
export function backoffMs(failures: number, { initialMs, maxMs }: BackoffBounds, random: number): number {
  const pause = Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1))
  return Math.min(maxMs, pause * (1 - JITTER + 2 * JITTER * random))
}
