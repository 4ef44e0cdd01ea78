/**
 * The topic configs: their names, Kafka's defaults and what values they take. Which of them change anything here is told in
 * `docs/testing.md`; the others are checked, kept and shown, so that tools and tests that set them work.
 */

/** Kafka's types of configs; the last two only nodes have. */
export type ConfigType = 'boolean' | 'string' | 'int' | 'long' | 'double' | 'list' | 'short' | 'password'

interface ConfigRow {
  type: ConfigType
  value: string
  /** The least and the greatest number allowed. */
  min?: number
  max?: number
  oneOf?: readonly string[]
  pattern?: RegExp
  /** The broker's config that has the default, as DescribeConfigs names it among the synonyms. */
  synonym?: string
  /** That one has no default; this one, with another unit, has it in its stead, and is named when a broker was told something. */
  instead?: { readonly name: string; readonly value: string }
}

const MAX_LONG = '9223372036854775807'
const LEAST_AND_MOST: Readonly<Partial<Record<ConfigType, readonly [bigint, bigint]>>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
}
const GZIP_LEVELS = ['-1', '1', '2', '3', '4', '5', '6', '7', '8', '9']
/** `partition:node` each, or all. */
const THROTTLED_REPLICAS = /^(\*|\d+:\d+(\s*,\s*\d+:\d+)*)?$/
const row = (type: ConfigType, value: string, rules: Omit<ConfigRow, 'type' | 'value'> = {}): ConfigRow => ({
  type,
  value,
  ...rules,
})

/** What a broker has when nothing is set, by name. */
export const topicConfigs: ReadonlyMap<string, ConfigRow> = new Map<string, ConfigRow>([
  ['cleanup.policy', row('list', 'delete', { oneOf: ['delete', 'compact'], synonym: 'log.cleanup.policy' })],
  ['compression.gzip.level', row('int', '-1', { oneOf: GZIP_LEVELS, synonym: 'compression.gzip.level' })],
  ['compression.lz4.level', row('int', '9', { min: 1, max: 17, synonym: 'compression.lz4.level' })],
  [
    'compression.type',
    row('string', 'producer', {
      oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
      synonym: 'compression.type',
    }),
  ],
  ['compression.zstd.level', row('int', '3', { min: -131072, max: 22, synonym: 'compression.zstd.level' })],
  ['delete.retention.ms', row('long', '86400000', { min: 0, synonym: 'log.cleaner.delete.retention.ms' })],
  ['file.delete.delay.ms', row('long', '60000', { min: 0, synonym: 'log.segment.delete.delay.ms' })],
  ['flush.messages', row('long', MAX_LONG, { min: 1, synonym: 'log.flush.interval.messages' })],
  [
    'flush.ms',
    row('long', MAX_LONG, {
      min: 0,
      synonym: 'log.flush.interval.ms',
      instead: { name: 'log.flush.scheduler.interval.ms', value: MAX_LONG },
    }),
  ],
  ['follower.replication.throttled.replicas', row('list', '', { pattern: THROTTLED_REPLICAS })],
  ['index.interval.bytes', row('int', '4096', { min: 0, synonym: 'log.index.interval.bytes' })],
  ['leader.replication.throttled.replicas', row('list', '', { pattern: THROTTLED_REPLICAS })],
  ['local.retention.bytes', row('long', '-2', { min: -2, synonym: 'log.local.retention.bytes' })],
  ['local.retention.ms', row('long', '-2', { min: -2, synonym: 'log.local.retention.ms' })],
  ['max.compaction.lag.ms', row('long', MAX_LONG, { min: 1, synonym: 'log.cleaner.max.compaction.lag.ms' })],
  ['max.message.bytes', row('int', '1048588', { min: 0, synonym: 'message.max.bytes' })],
  ['message.timestamp.after.max.ms', row('long', '3600000', { min: 0, synonym: 'log.message.timestamp.after.max.ms' })],
  ['message.timestamp.before.max.ms', row('long', MAX_LONG, { min: 0, synonym: 'log.message.timestamp.before.max.ms' })],
  [
    'message.timestamp.type',
    row('string', 'CreateTime', { oneOf: ['CreateTime', 'LogAppendTime'], synonym: 'log.message.timestamp.type' }),
  ],
  ['min.cleanable.dirty.ratio', row('double', '0.5', { min: 0, max: 1, synonym: 'log.cleaner.min.cleanable.ratio' })],
  ['min.compaction.lag.ms', row('long', '0', { min: 0, synonym: 'log.cleaner.min.compaction.lag.ms' })],
  ['min.insync.replicas', row('int', '1', { min: 1, synonym: 'min.insync.replicas' })],
  ['preallocate', row('boolean', 'false', { synonym: 'log.preallocate' })],
  ['remote.log.copy.disable', row('boolean', 'false')],
  ['remote.log.delete.on.disable', row('boolean', 'false')],
  ['remote.storage.enable', row('boolean', 'false', { oneOf: ['false'] })],
  ['retention.bytes', row('long', '-1', { synonym: 'log.retention.bytes' })],
  [
    'retention.ms',
    row('long', '604800000', { min: -1, synonym: 'log.retention.ms', instead: { name: 'log.retention.hours', value: '168' } }),
  ],
  ['segment.bytes', row('int', '1073741824', { min: 1_048_576, synonym: 'log.segment.bytes' })],
  ['segment.index.bytes', row('int', '10485760', { min: 4, synonym: 'log.index.size.max.bytes' })],
  [
    'segment.jitter.ms',
    row('long', '0', { min: 0, synonym: 'log.roll.jitter.ms', instead: { name: 'log.roll.jitter.hours', value: '0' } }),
  ],
  ['segment.ms', row('long', '604800000', { min: 1, synonym: 'log.roll.ms', instead: { name: 'log.roll.hours', value: '168' } })],
  ['unclean.leader.election.enable', row('boolean', 'false', { synonym: 'unclean.leader.election.enable' })],
])

/** The numbers that DescribeConfigs has for types. */
export const configTypeCode: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  password: 9,
}

export function isList(name: string): boolean {
  return topicConfigs.get(name)?.type === 'list'
}

/** Why a topic cannot have this config, or undefined when it can. */
export function configProblem(name: string, value: string | null): string | undefined {
  const known = topicConfigs.get(name)
  if (known === undefined) return `There is no topic config named ${name}`
  if (value === null) return `The topic config ${name} cannot be null`
  const problem = problemOf(known, value.trim())
  return problem && `The topic config ${name} cannot be ${value}: it ${problem}`
}

function problemOf(
  { type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, oneOf, pattern }: ConfigRow,
  value: string,
) {
  const chosen = (items: readonly string[]): string | undefined =>
    oneOf === undefined || items.every((item) => oneOf.includes(item)) ? undefined : `must be one of ${oneOf.join(', ')}`
  switch (type) {
    case 'boolean':
      return /^(true|false)$/i.test(value) ? chosen([value.toLowerCase()]) : 'must be true or false'
    case 'int':
    case 'long':
    case 'double': {
      if (!isNumber(type, value)) return `must be a number (${type})`
      const number = Number(value)
      if (number < min) return `must be at least ${min}`
      return number > max ? `must be at most ${max}` : chosen([String(number)])
    }
    default: {
      if (pattern && !pattern.test(value)) return 'must be * or a list of partition:node'
      // no item at all is a list too, also for what a topic does with its old records: it keeps them
      if (type === 'list') return value === '' ? undefined : chosen(value.split(',').map((item) => item.trim()))
      return chosen([value])
    }
  }
}

function isNumber(type: ConfigType, value: string): boolean {
  if (type === 'double') return value !== '' && !Number.isNaN(Number(value))
  if (!/^[+-]?\d+$/.test(value)) return false
  const [least, most] = LEAST_AND_MOST[type]!
  const number = BigInt(value.replace('+', ''))
  return number >= least && number <= most
}

/** Why a topic cannot have these configs together, or undefined when it can; `get` gives a config's text. */
export function conflictOf(get: (name: string) => string): string | undefined {
  const [least, most] = [Number(get('min.compaction.lag.ms')), Number(get('max.compaction.lag.ms'))]
  return least > most ? `min.compaction.lag.ms (${least}) cannot be more than max.compaction.lag.ms (${most})` : undefined
}

/** Codecs by Kafka's names, in the order of their numbers. */
const CODEC_NAMES: readonly string[] = ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd']

/** A topic's settings as the hot paths need them. */
export interface TopicSettings {
  maxMessageBytes: number
  /** −1: no limit; also where nothing is deleted. */
  retentionBytes: number
  /** −1: no limit; also where nothing is deleted. */
  retentionMs: number
  logAppendTime: boolean
  /** Records need keys, and only the newest of each key stays. */
  compacted: boolean
  /** Records go when they are old or too many, or when somebody asks for it. */
  deleted: boolean
  deleteRetentionMs: number
  minCleanableRatio: number
  minCompactionLagMs: number
  maxCompactionLagMs: number
  segmentBytes: number
  segmentMs: number
  timestampAfterMaxMs: number
  timestampBeforeMaxMs: number
  minInsyncReplicas: number
  /** The number of the codec that batches get; undefined: they stay as they come. */
  codec: number | undefined
  /** Undefined where the codec knows none. */
  level: number | undefined
}

/** Reads the settings; `get` gives a config's text, the default where nothing is set. */
export function settingsOf(get: (name: string) => string): TopicSettings {
  const number = (name: string): number => Number(get(name))
  const policies = get('cleanup.policy')
    .split(',')
    .map((policy) => policy.trim())
  const deleted = policies.includes('delete')
  const codec = CODEC_NAMES.indexOf(get('compression.type'))
  const levelOf = `compression.${CODEC_NAMES[codec]}.level`
  const level = topicConfigs.has(levelOf) ? number(levelOf) : undefined
  return {
    maxMessageBytes: number('max.message.bytes'),
    retentionBytes: deleted ? number('retention.bytes') : -1,
    retentionMs: deleted ? number('retention.ms') : -1,
    logAppendTime: get('message.timestamp.type') === 'LogAppendTime',
    compacted: policies.includes('compact'),
    deleted,
    deleteRetentionMs: number('delete.retention.ms'),
    minCleanableRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    segmentBytes: number('segment.bytes'),
    segmentMs: number('segment.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    minInsyncReplicas: number('min.insync.replicas'),
    codec: codec < 0 ? undefined : codec,
    level: level === -1 ? undefined : level,
  }
}
