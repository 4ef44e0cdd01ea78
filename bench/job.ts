/** What a parent asks of a child process and what comes back. Types only. */

export type Scenario = 'firehose' | 'fetch' | 'awaited'

/** One run of one client; everything in it survives JSON. */
export interface Job {
  scenario: Scenario
  brokers: string[]
  topic: string
  partitions: number
  /** Measured records; of `awaited` as many as fit into `seconds`. */
  records: number
  /** Records sent before the measurement, to the same topic. */
  warmup: number
  /** Bytes of a value. */
  size: number
  /** `awaited`: how many callers wait for their record at the same time. */
  callers: number
  /** `awaited`: how long. */
  seconds: number
  /** Records in a batch that the ceiling makes beforehand. */
  batchRecords: number
  /** Whether odradek runs from its sources or from `dist`. */
  odradek: 'src' | 'dist'
}

/** What was measured in one run. */
export interface Figures {
  records: number
  recordsPerSecond: number
  /** Microseconds of user and system time of the whole process for one record. */
  cpuPerRecord: number
  /** MB, the largest resident set of the process's life. */
  peakMemory: number
  /** CPU time of the main thread as percent of the time. */
  mainCpu: number
  /** Percent of the time that the main thread's event loop was not idle; counts waiting for a processor too. */
  mainThread: number
  /** Milliseconds by which timers were late. */
  loopDelayP99: number
  /** `awaited`: milliseconds from the call to its end. */
  latencyP50?: number
  latencyP99?: number
}

export interface Outcome {
  figures: Figures
  /** The client with its version. */
  client: string
  /** What it was told that matters for speed. */
  settings: Record<string, unknown>
}
