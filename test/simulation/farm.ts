/** Runs many seeds in child processes, one a core, in blocks; tells what each block came to. Knows no terminal. */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Order, Told } from './farm-child.ts'

export interface FarmReport {
  seeds: number
  sent: number
  strikes: number
  bad: { seed: number; problems: string[]; strikes: string[] }[]
}

/** Small enough that all children end at about the same time. */
const BLOCK = 25

/** `onProgress` hears of each finished block. Rejects when a child dies, naming its seeds. */
export async function runSeeds(
  from: number,
  count: number,
  onProgress: (soFar: FarmReport) => void = () => {},
  children = availableParallelism(),
): Promise<FarmReport> {
  const report: FarmReport = { seeds: 0, sent: 0, strikes: 0, bad: [] }
  const end = from + count
  let next = from
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(new URL('./farm-child.ts', import.meta.url), { serialization: 'advanced' })
      let order: Order = { from: 0, to: 0 }
      const proceed = (): void => {
        if (next >= end) {
          child.disconnect()
          return
        }
        order = { from: next, to: Math.min(end, next + BLOCK) }
        next = order.to
        child.send(order)
      }
      child.on('message', (told: Told) => {
        report.seeds += told.seeds
        report.sent += told.sent
        report.strikes += told.strikes
        report.bad.push(...told.bad)
        onProgress(report)
        proceed()
      })
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        if (code === 0) resolve()
        else reject(new Error(`the process for seeds ${order.from} to ${order.to - 1} ended with ${signal ?? `code ${code}`}`))
      })
      proceed()
    })
  await Promise.all(Array.from({ length: Math.min(children, Math.ceil(count / BLOCK)) }, work))
  report.bad.sort((a, b) => a.seed - b.seed)
  return report
}
