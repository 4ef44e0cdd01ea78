/**
 * The options of a consumer group. Each is one row; `docs/configuration.md` is made from them. Knows what is allowed, not what it
 * does; the rows of its topics are in `topic-options.ts`.
 */
import * as v from 'valibot'
import {
  byteCount,
  checkOptions,
  choice,
  decimal,
  decimalType,
  integer,
  milliseconds,
  type OptionSchema,
  optionalInteger,
  optionalText,
  passed,
  pathTo,
  subTable,
  text,
  textType,
} from '../../shared/options.ts'
import { toRe2 } from './re2-pattern.ts'
import { defaultTopicConfigOptions, ISOLATION_LEVELS, topicProblem, topicsRow } from './topic-options.ts'
import type { GroupHandler } from './types.ts'

export { type CheckedTopicConfig, type HandlerGiveUp, type OffsetResetPolicy, topicConfigFor } from './topic-options.ts'

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const MOST_PER_SECOND = 1_000_000_000

/** Asked before a batch is handed out; true holds it back. */
export type PauseWhen = () => boolean | Promise<boolean>

/** `rateLimit` of a consumer group. */
export const rateLimitOptions = v.strictObject({
  recordsPerSecond: decimalType({ min: 0.001, max: MOST_PER_SECOND }, 'How many records a second are handed to handlers.'),
  per: choice(
    'group',
    ['group', 'topic', 'partition'],
    "What the rate is for: all of this member's partitions together, those of each topic, or each partition.",
  ),
  burst: optionalInteger(
    { min: 1, max: MOST_PER_SECOND },
    'How many records may be handed out at once after a lull, and so the largest batch; left out, what the rate gives in 100 ms, at least 1.',
  ),
})

/** `adaptive` of a consumer group, when it is an object. */
export const adaptiveOptions = v.strictObject({
  tolerance: decimal(
    2,
    { min: 1.2, max: 100 },
    'How many times as long as usual a batch may take to handle, for its number of records, before the rate is cut.',
  ),
  severity: decimal(
    2,
    { min: 1, max: 4 },
    'How hard the rate is cut: it is divided by this power of how many times as long handling takes; 2: a fivefold time leaves a twenty-fifth.',
  ),
  recoveryMs: milliseconds(
    60_000,
    { min: 1_000 },
    'How long the way back from nothing to the usual rate takes, in equal steps, once handling is as fast as usual again.',
  ),
  intervalMs: milliseconds(
    500,
    { min: 10, max: 60_000 },
    'How often handling times are judged, if enough handlers ended by then.',
  ),
  minRecordsPerSecond: decimal(
    1,
    { min: 0.01, max: MOST_PER_SECOND },
    'The rate of a topic is never cut below this, nor below a fiftieth of what is usual.',
  ),
  habituationMs: milliseconds(
    300_000,
    { min: 1_000 },
    'How long a slower pace has to last until most of it counts as usual; with a faster one it takes half as long.',
  ),
})

/** `threadOptions` of a consumer group. */
export const threadOptions = v.strictObject({
  maxOldGenerationSizeMb: optionalInteger(
    { min: 1, max: 1_048_576 },
    'The heap of each thread in MiB; a thread that needs more ends, and its batch is delivered again.',
  ),
  maxYoungGenerationSizeMb: optionalInteger({ min: 1, max: 65_536 }, 'The part of the heap for young objects in MiB.'),
  stackSizeMb: optionalInteger({ min: 1, max: 1_024 }, 'The stack of each thread in MiB.'),
})

const ADAPTIVE_DEFAULTS = Object.freeze(v.parse(adaptiveOptions, {}))

function adaptiveRow() {
  return v.optional(
    v.pipe(
      v.lazy((input) => (typeof input === 'boolean' ? v.boolean() : adaptiveOptions)),
      v.transform((given): CheckedAdaptive | undefined => {
        if (typeof given === 'boolean') return given ? ADAPTIVE_DEFAULTS : undefined
        return Object.freeze(given)
      }),
      v.description(
        'Cuts the rate of a topic when its records take longer to handle than usual, and lets it come back slowly (AIMD).',
      ),
      v.metadata({
        type: 'boolean | AdaptiveOptions',
        bounds: '',
        allowed: 'true, false or an object with options of its own',
        fields: adaptiveOptions as OptionSchema,
      }),
    ),
    false,
  )
}

function handlerRow() {
  return v.optional(
    v.pipe(
      v.custom<GroupHandler | URL>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
      v.rawCheck(({ dataset, addIssue }) => {
        const problem = dataset.typed ? handlerProblem(dataset.value) : undefined
        if (problem !== undefined) addIssue({ message: problem })
      }),
      v.description(
        'Handles the records: an object on the main thread, or the file URL of a module that exports the same functions and is run in threads. Left out, records are pulled.',
      ),
      v.metadata({
        type: 'GroupHandler | URL',
        bounds: '',
        allowed: 'an object with a function handleRecordBatch, or the file URL of a module that exports one',
      }),
    ),
  )
}

export const groupOptions = v.pipe(
  v.strictObject({
    groupName: textType(
      { min: 1, max: 249 },
      'The name of the group; its members share the partitions, and its offsets go by it.',
    ),
    instanceId: optionalText(
      { min: 1, max: 249 },
      'Makes the member a static one (KIP-345): it gets its partitions back when it returns under the same name before its session ends.',
    ),
    topics: topicsRow(),
    defaultTopicConfig: v.optional(
      subTable(
        defaultTopicConfigOptions,
        { type: 'TopicConfig', what: 'an object with options of topics' },
        'Options for all topics of the group; those in an entry of topics come first.',
      ),
    ),
    handler: handlerRow(),
    threads: optionalInteger(
      { min: 1, max: 1_024 },
      'How many threads run the module given as handler; left out, one for each processor but one, at least one.',
    ),
    threadOptions: v.optional(
      subTable(
        threadOptions,
        { type: 'ThreadOptions', what: 'an object with options of threads' },
        'Limits of the threads that run the module given as handler.',
      ),
    ),
    rebalanceTimeoutMs: milliseconds(
      30_000,
      { min: 1 },
      'How long handlers may take to end when their partition goes to another member; then they are aborted. The coordinator waits five seconds longer, for what is still to be told.',
    ),
    maxProcessingMs: milliseconds(
      300_000,
      { min: 1_000 },
      'How long this thread may be blocked, or one call of the handler take, before the member leaves the group, so that others get its partitions; it joins again when that has ended.',
    ),
    handlerTimeoutMs: optionalInteger(
      { min: 1, max: 86_400_000 },
      'How long one call of the handler may take before its signal is aborted and its result no longer counts; left out, maxProcessingMs.',
    ),
    fetcherName: text(
      'default',
      { min: 1, max: 249 },
      'The fetcher that reads for the group; all of the same name on a client share requests, one to each broker.',
    ),
    isolationLevel: choice(
      'read_committed',
      ISOLATION_LEVELS,
      'Whether records of transactions that are open or were aborted are left out.',
    ),
    committersCount: integer(
      1,
      { min: 1, max: 100 },
      'How many commit requests of the group may be under way at once; each partition goes by one of them.',
    ),
    rackId: optionalText(
      { min: 1, max: 249 },
      "Where this member is, for assignors that go by it (KIP-881); left out, the client's rackId, which is also what near replicas are read by (KIP-392).",
    ),
    serverAssignor: optionalText(
      { min: 1, max: 249 },
      "How the group's coordinator spreads partitions: 'uniform', 'range', or what it has besides; left out, it chooses.",
    ),
    prefetchBytes: byteCount(
      32 * MIB,
      { min: KIB, max: 64 * GIB },
      'Bytes of records that may be fetched ahead of the handlers, all partitions together.',
    ),
    partitionStallMs: milliseconds(
      60_000,
      { min: 1_000 },
      'A partition that has records and gets on with none for so long is reported by an event.',
    ),
    rateLimit: v.optional(
      subTable(
        rateLimitOptions,
        { type: 'RateLimitOptions', what: 'an object with recordsPerSecond' },
        'The most records a second that are handed to handlers.',
      ),
    ),
    adaptive: adaptiveRow(),
    pauseWhen: passed<PauseWhen>(
      (value) => typeof value === 'function',
      '() => boolean | Promise<boolean>',
      'a function () => boolean | Promise<boolean>',
      'Asked before each batch is handed out: true holds it back. What fails, or answers neither true nor false, holds back too.',
    ),
    pauseCheckMs: milliseconds(100, { min: 1, max: 60_000 }, 'How often pauseWhen is asked while it holds batches back.'),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    for (const { message, path } of problems(dataset.value)) addIssue({ message, path: pathTo(dataset.value, ...path) })
  }),
)

export const groupStopOptions = v.strictObject({
  timeoutMs: milliseconds(
    10_000,
    { min: 0 },
    'How long handlers, commits and leaving may take together; then handlers are aborted and their batches will be delivered again.',
  ),
})

/** What a caller of `kafka.consumerGroup` hands in. */
export type GroupStopOptions = v.InferInput<typeof groupStopOptions>
export type ConsumerGroupOptions = v.InferInput<typeof groupOptions>
export type RateLimitOptions = v.InferInput<typeof rateLimitOptions>
export type AdaptiveOptions = v.InferInput<typeof adaptiveOptions>

/** The same with every default filled in. */
export type CheckedGroupOptions = Readonly<v.InferOutput<typeof groupOptions>>
export type CheckedRateLimit = Readonly<v.InferOutput<typeof rateLimitOptions>>
export type CheckedAdaptive = Readonly<v.InferOutput<typeof adaptiveOptions>>

export function checkGroupOptions(options: unknown): CheckedGroupOptions {
  return checkOptions(groupOptions, options, 'kafka.consumerGroup()')
}

/** What the group tells its coordinator to read: names as they are, and all expressions as one, in RE2. */
export function subscriptionOf({ topics }: Pick<CheckedGroupOptions, 'topics'>): { names: string[]; regex: string | undefined } {
  const names: string[] = []
  const patterns: string[] = []
  for (const { name } of topics) {
    if (typeof name === 'string') names.push(name)
    else patterns.push(toRe2(name))
  }
  const regex = patterns.length > 1 ? patterns.map((pattern) => `(?:${pattern})`).join('|') : patterns[0]
  return { names, regex }
}

interface Problem {
  message: string
  path: [string | number, ...(string | number)[]]
}

/** What does not go together. */
function problems(options: v.InferOutput<typeof groupOptions>): Problem[] {
  const { topics, defaultTopicConfig, handler, maxProcessingMs, handlerTimeoutMs } = options
  const found: Problem[] = []
  const inDefaults = topicProblem(options, undefined)
  if (inDefaults && defaultTopicConfig)
    found.push({ message: inDefaults.message, path: ['defaultTopicConfig', inDefaults.option] })
  for (const [index, topic] of inDefaults ? [] : topics.entries()) {
    const problem = topicProblem(options, topic)
    if (problem) found.push({ message: problem.message, path: ['topics', index, problem.option] })
  }
  for (const option of ['threads', 'threadOptions'] as const) {
    if (options[option] === undefined || handler instanceof URL) continue
    const message = `must be left out unless handler is the URL of a module: ${handler ? 'an object runs on the main thread' : 'there is no handler'}`
    found.push({ message, path: [option] })
  }
  if (handlerTimeoutMs !== undefined && handlerTimeoutMs > maxProcessingMs) {
    const message = `must not be above maxProcessingMs (${maxProcessingMs}), which ends the membership`
    found.push({ message, path: ['handlerTimeoutMs'] })
  }
  return found
}

function handlerProblem(handler: GroupHandler | URL): string | undefined {
  if (handler instanceof URL) {
    return handler.protocol === 'file:' ? undefined : `must be a file URL, but has the scheme '${handler.protocol}'`
  }
  if (typeof handler.handleRecordBatch !== 'function') {
    return 'must have a function handleRecordBatch(topic, partition, records, context)'
  }
  for (const name of ['handleConsumerStart', 'handleConsumerStop'] as const) {
    if (handler[name] !== undefined && typeof handler[name] !== 'function')
      return `must have a function as ${name}, or leave it out`
  }
  return undefined
}
