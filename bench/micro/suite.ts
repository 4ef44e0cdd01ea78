/**
 * Runs the files of this folder round after round, each time in a fresh process, so that the spread of the rounds holds what
 * differs from process to process. Knows no bench by name.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { MicroSeries } from './measure.ts'

/** The reference is first, so that a comparison has it even of a run that was cut short. */
export const microFiles = [
  'reference',
  'producer',
  'ring',
  'record-batch',
  'protocol',
  'crc32c',
  'compression',
  'murmur2',
] as const
export type MicroFile = (typeof microFiles)[number]

export interface MicroPlan {
  files: readonly string[]
  rounds: number
  /** Milliseconds for one bench in a round. */
  ms: number
}

export interface MicroStage {
  watcher: { begin(id: string, client: string, round: number): void; end(): void }
  onFailed: (file: string, reason: string) => void
  /** Once aborted, what goes on is ended; what was measured stays. */
  signal: AbortSignal
}

export function planMicro(picked: readonly string[], quick: boolean): MicroPlan {
  // without the reference nothing can be compared
  const files = microFiles.filter((file) => picked.length > 0 && (file === 'reference' || picked.includes(file)))
  return { files, rounds: quick ? 2 : 3, ms: quick ? 30 : 150 }
}

/** Puts into `results` what was measured, as it is measured. A file that fails is not run again. */
export async function runMicro({ watcher, onFailed, signal }: MicroStage, plan: MicroPlan, results: Map<string, MicroSeries>) {
  const failed = new Set<string>()
  for (let round = 0; round < plan.rounds; round++)
    for (const file of plan.files) {
      if (signal.aborted) return
      if (failed.has(file)) continue
      watcher.begin(microId(file), file, round)
      try {
        await runFile(file, plan.ms, signal, (series) => add(results, series))
      } catch (error) {
        failed.add(file)
        if (!signal.aborted) onFailed(file, (error as Error).message)
      }
      watcher.end()
    }
}

/** What the progress calls the runs of a file. */
export const microId = (file: string): string => `micro: ${file}`

function add(results: Map<string, MicroSeries>, series: MicroSeries): void {
  const known = results.get(series.id)
  if (known) known.rounds.push(...series.rounds)
  else results.set(series.id, series)
}

async function runFile(file: string, ms: number, signal: AbortSignal, onSeries: (series: MicroSeries) => void): Promise<void> {
  const path = fileURLToPath(new URL(`${file}.ts`, import.meta.url))
  const child = fork(path, ['--ms', `${ms}`], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  signal.addEventListener('abort', stop)
  child.on('message', (series) => onSeries(series as MicroSeries))
  try {
    // messages may still come after its end
    const [[code, killedBy]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')])
    if (code !== 0) throw new Error(`ended with ${killedBy ?? `exit code ${code}`}`)
  } finally {
    process.off('exit', stop)
    signal.removeEventListener('abort', stop)
  }
}
