/**
 * A file of results: everything that was measured in one go, with what it takes to judge it. Owns its format and version; readers
 * may count on all that is checked here.
 */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { BadInput } from './bad-input.ts'
import type { MicroSeries } from './micro/measure.ts'
import type { Series } from './series.ts'

/** Grows when a reader of older files would be wrong. */
export const SCHEMA = 1

export interface Results {
  schema: typeof SCHEMA
  started: string
  finished: string
  /** False when the run was stopped or could not go on. */
  complete: boolean
  /** The command that does it again. */
  command: string
  machine: { system: string; processors: number; model: string; memoryGB: number }
  versions: { odradek: string; commit?: string | undefined; node: string; kafka: string }
  settings: { quick: boolean; odradek: 'src' | 'dist' }
  /** Clients and parts that could not be measured, and why. */
  missing: { name: string; reason: string }[]
  series: Series[]
  micro: MicroSeries[]
}

const text = v.string()
const number = v.pipe(v.number(), v.finite())
const figures = v.looseObject({
  records: number,
  recordsPerSecond: number,
  ...Object.fromEntries(
    ['cpuPerRecord', 'peakMemory', 'mainCpu', 'mainThread', 'loopDelayP99', 'latencyP50', 'latencyP99'].map((key) => [
      key,
      v.nullish(number),
    ]),
  ),
})
const outcome = v.looseObject({ client: text, settings: v.record(text, v.unknown()), figures })
const series = v.looseObject({
  id: text,
  group: text,
  title: text,
  job: v.looseObject({ scenario: text }),
  // JSON has no undefined: a round that failed is null
  clients: v.array(v.looseObject({ key: text, rounds: v.array(v.nullish(outcome)), errors: v.array(text) })),
  loads: v.array(number),
})
const micro = v.looseObject({
  id: text,
  file: text,
  table: text,
  name: text,
  unit: text,
  bytes: v.optional(number),
  rounds: v.array(v.looseObject({ median: number, fastest: number, samples: number })),
})
const results = v.looseObject({
  schema: v.literal(SCHEMA),
  started: text,
  finished: text,
  complete: v.boolean(),
  command: text,
  machine: v.looseObject({ system: text, processors: number, model: text, memoryGB: number }),
  versions: v.looseObject({ odradek: text, commit: v.optional(text), node: text, kafka: text }),
  settings: v.looseObject({ quick: v.boolean(), odradek: text }),
  missing: v.array(v.looseObject({ name: text, reason: text })),
  series: v.array(series),
  micro: v.array(micro),
})

/** Throws BadInput with what is wrong with the file. */
export function readResults(file: string): Results {
  const content = parse(file)
  const schema = typeof content === 'object' && content !== null && 'schema' in content ? content.schema : undefined
  if (schema === undefined) throw new BadInput(`${file} is not a file of results: it has no schema`)
  if (schema !== SCHEMA)
    throw new BadInput(
      `${file} has results of schema ${JSON.stringify(schema)}, and this version reads schema ${SCHEMA}: measure again`,
    )
  const checked = v.safeParse(results, content, { abortEarly: true })
  if (checked.success) return checked.output as unknown as Results
  const [issue] = checked.issues
  throw new BadInput(`${file} is not a file of results: ${v.getDotPath(issue)}: ${issue.message}`)
}

function parse(file: string): unknown {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    throw new BadInput(`${file} cannot be read: ${(error as Error).message}`)
  }
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new BadInput(`${file} is not JSON: ${(error as Error).message}`)
  }
}
