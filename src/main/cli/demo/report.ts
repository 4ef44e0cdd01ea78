/** What a handler thread of the demo tells the main thread of each batch, and where. */

/** A BroadcastChannel reaches all threads of the process and nothing outside it. */
export const REPORTS = 'odradek-demo'

export interface Report {
  /** Of the handler's thread, which Node numbers. */
  thread: number
  partition: number
  /** The sequences that the batch begins and ends with, and what is wrong in between. */
  run: Run
  /** Milliseconds that some of the records were under way. */
  latencies: number[]
}

/** What the content of a batch says. Sequences are −1 when no record of it is whole. */
export interface Run {
  first: number
  last: number
  records: number
  /** Some of their bytes are not as they were sent. */
  damaged: number
  /** Not above the one before. */
  repeated: number
  /** Left out between two of them. */
  skipped: number
}
