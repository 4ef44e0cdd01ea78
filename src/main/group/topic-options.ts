/**
 * The options of the topics of a consumer group, and which of them hold for a topic: its own entry, then `defaultTopicConfig`, then
 * the group, then the defaults. Each is one row; `docs/configuration.md` is made from them. Knows what is allowed, not what it does.
 */
import * as v from 'valibot'
import {
  byteCount,
  flag,
  integer,
  isTable,
  milliseconds,
  type OptionSchema,
  optionalChoice,
  optionalText,
  pathTo,
  requiredInteger,
  show,
} from '../../shared/options.ts'
import { isTopicName, topicNameType } from '../topic-name.ts'
import { PatternProblem, toRe2 } from './re2-pattern.ts'

const GIB = 1024 ** 3
export const ISOLATION_LEVELS = ['read_committed', 'read_uncommitted'] as const

/** Where a partition begins for which the group has no offset. */
export type OffsetResetPolicy = 'latest' | 'earliest' | 'error' | { readonly byDuration: number }

/** What becomes of a record whose handler failed `handlerMaxAttempts` times. */
export type HandlerGiveUp = 'stop' | { readonly skip: string } | { readonly moveTo: string }

const durationTable = v.strictObject({
  byDuration: requiredInteger(
    { min: 1, max: Number.MAX_SAFE_INTEGER },
    'Begin with the first record that is not older than so many milliseconds.',
  ),
})

const giveUpTable = v.strictObject({
  skip: optionalText({ min: 1, max: 1_000 }, 'Commit the record and note this reason in the metadata of the commit.'),
  moveTo: v.optional(topicNameType('Produce the record to this topic, with headers that say where it came from, and commit it.')),
})

function offsetResetRow() {
  const named = v.picklist(['latest', 'earliest', 'error'])
  return v.optional(
    v.pipe(
      v.lazy((input) => (isTable(input) ? durationTable : named)),
      v.transform((policy): OffsetResetPolicy => (typeof policy === 'string' ? policy : Object.freeze(policy))),
      v.description(
        'Where a partition begins for which the group has no offset, or one that the log no longer has: with what comes, with the oldest record, with records of the last milliseconds (KIP-1106), or not at all: the partition fails with NO_OFFSET.',
      ),
      v.metadata({
        type: "'latest' | 'earliest' | 'error' | { byDuration: ms }",
        bounds: 'byDuration: at least 1',
        allowed: "one of 'latest', 'earliest', 'error', { byDuration: ms }",
        fields: durationTable as OptionSchema,
      }),
    ),
    'latest',
  )
}

function giveUpRow() {
  const table = v.pipe(
    giveUpTable,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      const { skip, moveTo } = dataset.value
      if ((skip === undefined) === (moveTo === undefined)) addIssue({ message: 'must have either skip or moveTo' })
    }),
  )
  return v.optional(
    v.pipe(
      v.lazy((input) => (isTable(input) ? table : v.picklist(['stop']))),
      v.transform((what) => (typeof what === 'string' ? what : Object.freeze(what)) as HandlerGiveUp),
      v.description(
        'What becomes of a record after handlerMaxAttempts failures: the partition stops with HANDLER_FAILED, or the record is skipped, or moved to another topic.',
      ),
      v.metadata({
        type: "'stop' | { skip: reason } | { moveTo: topic }",
        bounds: '',
        allowed: "one of 'stop', { skip: reason }, { moveTo: topic }",
        fields: giveUpTable as OptionSchema,
      }),
    ),
    'stop',
  )
}

function batchSizeRow() {
  const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))
  return v.optional(
    v.pipe(
      v.union([count, v.literal('dynamic')]),
      v.description("The most records in one call of the handler; 'dynamic': what a fetch brought, whatever that is."),
      v.metadata({
        type: "integer | 'dynamic'",
        bounds: "1 to 1_000_000, or 'dynamic'",
        allowed: "a whole number from 1 to 1_000_000, or 'dynamic'",
      }),
    ),
    10,
  )
}

/** What holds for a topic, with defaults. */
export const topicConfigOptions = v.strictObject({
  fetcherName: optionalText(
    { min: 1, max: 249 },
    "The fetcher that reads the topic; topics that name the same one share its requests. Left out, the group's.",
  ),
  isolationLevel: optionalChoice(
    ISOLATION_LEVELS,
    "Whether records of transactions that are open or were aborted are left out. Left out, as the group's others.",
  ),
  offsetResetPolicy: offsetResetRow(),
  fetchMaxBytes: byteCount(
    50_000,
    { min: 1, max: GIB },
    'The most that one fetch brings of a partition; a first batch that is larger still comes whole (KIP-74).',
  ),
  fetchIntervalMs: milliseconds(
    5_000,
    { max: 60_000 },
    'How long the broker may hold a fetch while there is nothing to read: a tenth of it more after each empty one. What arrives meanwhile comes at once.',
  ),
  handlerCooldownMs: milliseconds(0, {}, 'The pause between two calls of the handler for the same partition.'),
  handlerMaxCommitsInFlight: integer(
    0,
    { min: 0, max: 1_000_000 },
    "How many commits of a partition may be on their way while the handler goes on; 0: each batch's commit is confirmed before the next one is handed out.",
  ),
  handlerMaxBatchSize: batchSizeRow(),
  transactional: flag(
    false,
    'Whether each batch is handled in a transaction: what the handler hands to `context.tx`, the records it moves, and the offsets of the batch count together or not at all (KIP-447). Needs a handler. Left out, offsets are committed by themselves.',
  ),
  handlerMaxAttempts: integer(
    0,
    { min: 0, max: 1_000_000 },
    'How often a record is handed out at most when its handler fails or asks for a retry; 0: without limit. The last time it is alone, so that no other is given up with it: what failed in a batch comes twice at least.',
  ),
  handlerGiveUp: giveUpRow(),
  handlerRetryBackoffMs: milliseconds(
    100,
    { min: 1 },
    'The pause before a batch is handed out again after its handler failed; it doubles with each failure, ± 20 %.',
  ),
  handlerRetryBackoffMaxMs: milliseconds(10_000, { min: 1 }, 'The longest pause before a batch is handed out again.'),
})

/** The same without defaults: what is left out, something else fills in. */
export const defaultTopicConfigOptions = v.partial(topicConfigOptions)

/** Everything that holds for one topic. */
export type CheckedTopicConfig = Readonly<v.InferOutput<typeof topicConfigOptions>> & {
  readonly fetcherName: string
  readonly isolationLevel: (typeof ISOLATION_LEVELS)[number]
}
type TopicConfigGaps = v.InferOutput<typeof defaultTopicConfigOptions>

const topicNameRow = v.pipe(
  v.custom<string | RegExp>((value) => typeof value === 'string' || value instanceof RegExp),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? nameProblem(dataset.value) : undefined
    if (problem !== undefined) addIssue({ message: problem })
  }),
  v.description(
    'The name of the topic, or a RegExp: then brokers choose, also among topics that come later (KIP-848); they have to know its syntax (RE2).',
  ),
  v.metadata({ type: 'string | RegExp', bounds: '', allowed: 'the name of a topic or a RegExp' }),
)

/** One topic in `topics` of a consumer group. */
export const groupTopicOptions = v.strictObject({ name: topicNameRow, ...defaultTopicConfigOptions.entries })

type CheckedGroupTopic = Readonly<v.InferOutput<typeof groupTopicOptions>>

/** The row of all topics: each is a name, a RegExp, or an object with one of them and options. */
export function topicsRow() {
  const bare = v.pipe(
    topicNameRow,
    v.transform((name): v.InferOutput<typeof groupTopicOptions> => ({ name })),
  )
  return v.pipe(
    v.array(
      v.pipe(
        v.lazy((input) => (isTable(input) ? groupTopicOptions : bare)),
        v.transform((topic): CheckedGroupTopic => Object.freeze(topic)),
      ),
    ),
    v.minLength(1),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      const seen = new Map<string, number>()
      for (const [index, { name }] of dataset.value.entries()) {
        const key = String(name)
        const before = seen.get(key)
        seen.set(key, before ?? index)
        if (before === undefined) continue
        const message = `names what topics[${before}] is about already: ${show(name)}; give it all its options there`
        addIssue({ message, path: pathTo(dataset.value, index) })
      }
    }),
    v.description('What the group reads.'),
    v.metadata({
      type: '(string | RegExp | GroupTopicOptions)[]',
      bounds: 'at least one',
      allowed: 'a list of at least one name of a topic, RegExp, or object with one of them as name',
      table: groupTopicOptions as OptionSchema,
      item: 'the name of a topic, a RegExp, or an object with one of them as name',
    }),
  )
}

function nameProblem(name: string | RegExp): string | undefined {
  if (typeof name === 'string') {
    if (isTopicName(name)) return undefined
    return `must be the name of a topic (letters, digits, '.', '_' and '-'), but is ${show(name)}`
  }
  try {
    toRe2(name)
    return undefined
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error
    return `must be an expression that brokers understand (RE2), but ${show(name)} ${error.message}`
  }
}

/** What {@link topicConfigFor} needs of a group's options. */
export interface TopicConfigSource {
  readonly topics: readonly CheckedGroupTopic[]
  readonly defaultTopicConfig?: TopicConfigGaps | undefined
  readonly fetcherName: string
  readonly isolationLevel: (typeof ISOLATION_LEVELS)[number]
  readonly handler?: unknown
}

/** What holds for this topic: of the entry that names it, else of the first RegExp that fits, and what they leave out of the group. */
export function topicConfigFor(group: TopicConfigSource, topicName: string): CheckedTopicConfig {
  const { topics } = group
  const entry =
    topics.find(({ name }) => name === topicName) ??
    topics.find(({ name }) => name instanceof RegExp && name.test(topicName)) ??
    {}
  return resolve(entry, group)
}

function resolve(entry: TopicConfigGaps & { name?: unknown }, group: Omit<TopicConfigSource, 'topics'>): CheckedTopicConfig {
  const { name: _, ...own } = entry
  const { fetcherName, isolationLevel, defaultTopicConfig = {} } = group
  const filled = { ...DEFAULTS, fetcherName, isolationLevel, ...given(defaultTopicConfig), ...given(own) }
  return Object.freeze(filled) as CheckedTopicConfig
}

const DEFAULTS = v.parse(topicConfigOptions, {})

/** Without what is undefined, which counts as left out. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** What does not go together in the options of an entry, `undefined` for those of `defaultTopicConfig` alone; names the option. */
export function topicProblem(
  group: Omit<TopicConfigSource, 'topics'>,
  entry: CheckedGroupTopic | undefined,
): { option: keyof TopicConfigGaps; message: string } | undefined {
  const config = resolve(entry ?? {}, group)
  if (config.handlerRetryBackoffMaxMs < config.handlerRetryBackoffMs) {
    return { option: 'handlerRetryBackoffMaxMs', message: 'must not be below handlerRetryBackoffMs' }
  }
  if (config.handlerGiveUp !== 'stop' && config.handlerMaxAttempts === 0) {
    return {
      option: 'handlerGiveUp',
      message: 'never comes to pass while handlerMaxAttempts is 0; say how many attempts there are',
    }
  }
  if (config.transactional && config.handlerMaxCommitsInFlight > 0) {
    return {
      option: 'handlerMaxCommitsInFlight',
      message: 'must be 0 where transactional is true: a batch begins when the transaction of the one before has ended',
    }
  }
  if (config.transactional && group.handler === undefined) {
    return { option: 'transactional', message: 'needs a handler: what is pulled has no end that a transaction could wait for' }
  }
  return undefined
}
