/** What each partition of a group is doing or waiting for, in words (`group.why()`). */
import type { FeedState } from './feed-state.ts'

export interface Surroundings {
  /** What the handlers' side adds. */
  handler: string | undefined
  /** What the limits say. */
  limits: string | undefined
  /** Records that are there and not handled. −1: unknown. */
  lag: number
  /** How many commits may be under way. */
  window: number
}

export function explain(state: FeedState, now: number, { handler, limits, lag, window }: Surroundings): string {
  const since = `for ${duration(now - state.since)}`
  switch (state.doing) {
    case 'position':
      return `finds out where to begin, ${since}: the committed offset is asked for`
    case 'start':
      return `handleConsumerStart runs, ${since}`
    case 'records':
      return lag > 0
        ? `waits for a broker to send the next ${lag} records from offset ${state.position} on, ${since}`
        : `has handled everything up to offset ${state.position} and waits for new records, ${since}`
    case 'room':
      return `waits for room to read from offset ${state.position} on, ${since}: other partitions hold all of prefetchBytes`
    case 'limits':
      return `is held back, ${since}: ${limits ?? 'its turn comes next'}`
    case 'handler': {
      const attempt = state.attempt > 1 ? `, attempt ${state.attempt}` : ''
      return `its handler works from offset ${state.position} on${attempt}, ${since}${handler === undefined ? '' : `: ${handler}`}`
    }
    case 'move':
      return `records that its handler moved are being produced to the other topic, ${since}`
    case 'commit':
      return `waits for the coordinator to commit offset ${state.position}, ${since}; handlerMaxCommitsInFlight is ${window}`
    case 'cooldown':
      return `cools down after a batch, ${since}`
    case 'retry':
      return `waits before it gives the records from offset ${state.position} on to its handler again, attempt ${state.attempt}, ${since}`
    case 'paused':
      return `was paused at offset ${state.position}, ${since}; group.resume() lets it go on`
    case 'failed':
      return `stands still${state.position < 0 ? '' : ` at offset ${state.position}`}, ${since}: ${state.error?.message ?? 'it failed'}`
    case 'stop':
      return `is being given back: commits and handleConsumerStop are awaited, ${since}`
    case 'ended':
      return `was given back ${duration(now - state.since)} ago`
  }
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}
