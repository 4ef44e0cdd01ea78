/** What a parent asks of a child process and what comes back. Types only. */

/** What a client does in a run. */
export type Scenario = 'firehose' | 'awaited' | 'batches' | 'transactions' | 'fetch' | 'group' | 'cpu'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** One run of one client; everything in it survives JSON. */
export interface Job {
  scenario: Scenario
  brokers: string[]
  topics: string[]
  /** Of each topic. */
  partitions: number
  /** Measured records at most. */
  records: number
  /** Records sent before the measurement at most, to the same topics. */
  warmup: number
  /** The measurement at most: nothing is sent or fetched after it, what is under way is waited for. */
  seconds: number
  /** Bytes of a value. */
  size: number
  /** See `values.ts`. */
  values: 'random' | 'events'
  idempotent: boolean
  compression: Codec
  /** `awaited`, `batches`, `transactions`: how many wait for their call at the same time. */
  callers: number
  /** `batches`, `transactions`: records in a call. */
  callRecords: number
  /** Records in a batch that the ceiling makes beforehand. */
  batchRecords: number
  /** Whether odradek runs from its sources or from `dist`. */
  odradek: 'src' | 'dist'
}

/** What was measured in one run. Of a process that is not Node's there is less: it has no event loop, and not every system tells the rest. */
export interface Figures {
  records: number
  recordsPerSecond: number
  /** Microseconds of user and system time of the whole process for one record. */
  cpuPerRecord?: number
  /** MB, the largest resident set of the process's life. */
  peakMemory?: number
  /** CPU time of the main thread as percent of the time. */
  mainCpu?: number
  /** Percent of the time that the main thread's event loop was not idle; counts waiting for a processor too. */
  mainThread?: number
  /** Milliseconds by which timers were late. */
  loopDelayP99?: number
  /** `awaited`, `batches`, `transactions`: milliseconds from the call to its end. */
  latencyP50?: number
  latencyP99?: number
}

export interface Outcome {
  figures: Figures
  /** The client with its version. */
  client: string
  /** What it was told that matters for speed. */
  settings: Record<string, unknown>
  /** Records that were acknowledged altogether, those of the warm-up too: as many must be in the topics. */
  acknowledged: number
}
