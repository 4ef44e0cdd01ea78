/** Runs a tinybench and prints nanoseconds per unit of work, for functions that do many units a call. */
import { Bench } from 'tinybench'

/** What is measured: a call does `units` units of work. */
export interface Subject {
  name: string
  units: number
  run: () => unknown
}

/** Median and best nanoseconds per unit, in the order of `subjects`. */
export async function measure(subjects: readonly Subject[], time = 300): Promise<{ median: number; best: number }[]> {
  const bench = new Bench({ time, warmupTime: 100 })
  for (const { name, run } of subjects) bench.add(name, () => void run())
  await bench.run()
  return bench.tasks.map(({ name, result }, i) => {
    if (!('latency' in result)) throw new Error(`${name} did not complete: ${result.state}`)
    const perUnit = 1e6 / subjects[i]!.units
    return { median: result.latency.p50 * perUnit, best: result.latency.min * perUnit }
  })
}

/** Measures and prints one line a subject. */
export async function report(title: string, unit: string, subjects: readonly Subject[]): Promise<void> {
  const results = await measure(subjects)
  console.log(`\n${title}`)
  console.table(
    Object.fromEntries(
      subjects.map(({ name }, i) => {
        const { median, best } = results[i]!
        return [
          name,
          {
            [`ns per ${unit}`]: Number(median.toFixed(1)),
            best: Number(best.toFixed(1)),
            'M/s': Number((1e3 / median).toFixed(1)),
          },
        ]
      }),
    ),
  )
}
