/** Reads what Kafka's Java benchmarks print while they run. Knows no process. */

/** How far the tool was: totals since it began. */
export interface Progress {
  records: number
  ms: number
}

/** Takes line after line and says how far the tool was where a line tells it. */
export type Reader = (line: string) => Progress | undefined

/** `83492 records sent, 151804.6 records/sec (14.48 MB/sec), 783.0 ms avg latency, 1009.0 ms max latency.`, about the time since the line before. */
export function producerReader(): Reader {
  const total = { records: 0, ms: 0 }
  return (line) => {
    const [, records, rate] = /^(\d+) records sent, ([\d.]+) records\/sec .* max latency\.$/.exec(line.trim()) ?? []
    if (records === undefined) return undefined
    total.records += Number(records)
    total.ms += (Number(records) / Number(rate)) * 1000
    return { ...total }
  }
}

/** The format of times that {@link consumerReader} wants of the tool. */
export const TIME_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"

/** `2026-11-25T13:44:11.098Z, 0, 1.2876, 5.0687, 13501, …`: the time, and how many records were read since the first such line or before. */
export function consumerReader(): Reader {
  let first: number | undefined
  return (line) => {
    const cells = line.split(',')
    const time = Date.parse(cells[0]!.trim())
    const records = Number(cells[4])
    if (cells.length !== 10 || Number.isNaN(time) || Number.isNaN(records)) return undefined
    first ??= time
    return { records, ms: time - first }
  }
}

/** A JIT compiler needs about so long. */
export const WARMUP_MS = 2000
/** When a run is short, so much of it is its warm-up. */
const WARMUP_SHARE = 1 / 3

/** From where to where to measure: after the warm-up, until the last that was printed. Undefined when that is nothing. */
export function steady<P extends Progress>(all: readonly P[]): { from: P; to: P } | undefined {
  const to = all.at(-1)
  const from = to && all.find(({ ms }) => ms >= Math.min(WARMUP_MS, to.ms * WARMUP_SHARE))
  return from && to.records > from.records && to.ms > from.ms ? { from, to } : undefined
}
