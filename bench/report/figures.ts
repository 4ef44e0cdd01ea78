/** The figures of a run as reports show them: order, names, units, and which way is better. */

import type { Figures, Outcome } from '../job.ts'
import type { ClientSeries } from '../series.ts'
import { fraction, whole } from './format.ts'

export interface Figure {
  key: keyof Figures
  title: string
  /** Over a chart. */
  heading: string
  better: 'more' | 'less'
  text: (value: number) => string
}

export const figures: readonly Figure[] = [
  { key: 'recordsPerSecond', title: 'records/s', heading: 'Records per second', better: 'more', text: whole },
  { key: 'cpuPerRecord', title: 'CPU µs/record', heading: 'CPU per record, µs', better: 'less', text: fraction },
  { key: 'peakMemory', title: 'peak memory MB', heading: 'Peak memory, MB', better: 'less', text: whole },
  { key: 'mainCpu', title: 'main thread CPU %', heading: 'CPU of the main thread, %', better: 'less', text: whole },
  { key: 'mainThread', title: 'main loop busy %', heading: 'Main thread’s loop busy, %', better: 'less', text: whole },
  { key: 'loopDelayP99', title: 'loop delay p99 ms', heading: 'Event-loop delay p99, ms', better: 'less', text: fraction },
  { key: 'latencyP50', title: 'latency p50 ms', heading: 'Latency p50, ms', better: 'less', text: fraction },
  { key: 'latencyP99', title: 'latency p99 ms', heading: 'Latency p99, ms', better: 'less', text: fraction },
]

export const figure = (key: keyof Figures): Figure => figures.find((each) => each.key === key)!

/** The figure round by round; undefined where the client failed or has no such figure. */
export function valuesOf(client: ClientSeries | undefined, key: keyof Figures): (number | undefined)[] {
  return (client?.rounds ?? []).map((outcome) => outcome?.figures[key] ?? undefined)
}

/** The rounds that succeeded. */
export function outcomes({ rounds }: ClientSeries): Outcome[] {
  return rounds.flatMap((outcome) => outcome ?? [])
}

/** The client with its version, or its key when it never succeeded. */
export function nameOf(client: ClientSeries): string {
  return outcomes(client)[0]?.client ?? client.key
}
