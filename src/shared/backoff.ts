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

/**
 * When to try again after `failures` failures of one of many: on a grid of the pause, from half of it to half as much again away.
 * What is in the same trouble thereby returns together and shares a request; clients began at different times, so not with others.
 */
export function retryAt(now: number, failures: number, { initialMs, maxMs }: BackoffBounds): number {
  const pause = Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1))
  return Math.ceil((now + pause / 2) / pause) * pause
}

/** The pause after `failures` failures in a row (1 or more); `random` is in [0, 1). */
export function backoffMs(failures: number, { initialMs, maxMs }: BackoffBounds, random: number): number {
  const pause = Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1))
  return Math.min(maxMs, pause * (1 - JITTER + 2 * JITTER * random))
}
