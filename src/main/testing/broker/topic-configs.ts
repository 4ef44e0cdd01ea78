/**
 * The topic configs: their names, Kafka's defaults and what values they take. Which of them change anything here is told in
 * `docs/testing.md`; the others are kept and shown, so that tools and tests that set them work.
 */

type ConfigType = 'boolean' | 'string' | 'int' | 'long' | 'double' | 'list'

interface ConfigRow {
  type: ConfigType
  value: string
  /** The least number allowed. */
  min?: number
  oneOf?: readonly string[]
}

const MAX_LONG = '9223372036854775807'
const row = (type: ConfigType, value: string, rules: Omit<ConfigRow, 'type' | 'value'> = {}): ConfigRow => ({
  type,
  value,
  ...rules,
})

/** What a broker has when nothing is set, by name. */
export const topicConfigs: ReadonlyMap<string, ConfigRow> = new Map<string, ConfigRow>([
  ['cleanup.policy', row('list', 'delete', { oneOf: ['delete', 'compact'] })],
  ['compression.gzip.level', row('int', '-1', { min: -1 })],
  ['compression.lz4.level', row('int', '9', { min: 1 })],
  ['compression.type', row('string', 'producer', { oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] })],
  ['compression.zstd.level', row('int', '3')],
  ['delete.retention.ms', row('long', '86400000', { min: 0 })],
  ['file.delete.delay.ms', row('long', '60000', { min: 0 })],
  ['flush.messages', row('long', MAX_LONG, { min: 1 })],
  ['flush.ms', row('long', MAX_LONG, { min: 0 })],
  ['follower.replication.throttled.replicas', row('list', '')],
  ['index.interval.bytes', row('int', '4096', { min: 0 })],
  ['leader.replication.throttled.replicas', row('list', '')],
  ['local.retention.bytes', row('long', '-2', { min: -2 })],
  ['local.retention.ms', row('long', '-2', { min: -2 })],
  ['max.compaction.lag.ms', row('long', MAX_LONG, { min: 1 })],
  ['max.message.bytes', row('int', '1048588', { min: 0 })],
  ['message.timestamp.after.max.ms', row('long', '3600000', { min: 0 })],
  ['message.timestamp.before.max.ms', row('long', MAX_LONG, { min: 0 })],
  ['message.timestamp.type', row('string', 'CreateTime', { oneOf: ['CreateTime', 'LogAppendTime'] })],
  ['min.cleanable.dirty.ratio', row('double', '0.5', { min: 0 })],
  ['min.compaction.lag.ms', row('long', '0', { min: 0 })],
  ['min.insync.replicas', row('int', '1', { min: 1 })],
  ['preallocate', row('boolean', 'false')],
  ['remote.log.copy.disable', row('boolean', 'false')],
  ['remote.log.delete.on.disable', row('boolean', 'false')],
  ['remote.storage.enable', row('boolean', 'false')],
  ['retention.bytes', row('long', '-1')],
  ['retention.ms', row('long', '604800000', { min: -1 })],
  ['segment.bytes', row('int', '1073741824', { min: 1 })],
  ['segment.index.bytes', row('int', '10485760', { min: 4 })],
  ['segment.jitter.ms', row('long', '0', { min: 0 })],
  ['segment.ms', row('long', '604800000', { min: 1 })],
  ['unclean.leader.election.enable', row('boolean', 'false')],
])

/** The numbers that DescribeConfigs has for types. */
export const configTypeCode: Readonly<Record<ConfigType, number>> = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 }

export function isList(name: string): boolean {
  return topicConfigs.get(name)?.type === 'list'
}

/** Why a topic cannot have this config, or undefined when it can. */
export function configProblem(name: string, value: string | null): string | undefined {
  const known = topicConfigs.get(name)
  if (known === undefined) return `There is no topic config named ${name}`
  if (value === null) return `The topic config ${name} cannot be null`
  const invalid = (why: string) => `The topic config ${name} cannot be ${value}: it ${why}`
  switch (known.type) {
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : invalid('must be true or false')
    case 'int':
    case 'long':
    case 'double': {
      const number = Number(value)
      const whole = known.type === 'double' || /^-?\d+$/.test(value)
      if (value.trim() === '' || !whole || Number.isNaN(number)) return invalid(`must be a number (${known.type})`)
      return number < (known.min ?? -Infinity) ? invalid(`must be at least ${known.min}`) : undefined
    }
    default: {
      const items = known.type === 'list' ? value.split(',').map((item) => item.trim()) : [value]
      const wrong = known.oneOf && items.find((item) => !known.oneOf!.includes(item))
      return wrong === undefined ? undefined : invalid(`must be one of ${known.oneOf!.join(', ')}`)
    }
  }
}

/** A topic's settings as the hot paths need them. */
export interface TopicSettings {
  maxMessageBytes: number
  /** −1: no limit. */
  retentionBytes: number
  logAppendTime: boolean
  /** Records need keys. Nothing is compacted. */
  compacted: boolean
  timestampAfterMaxMs: number
  timestampBeforeMaxMs: number
  minInsyncReplicas: number
}

/** Reads the settings; `get` gives a config's text, the default where nothing is set. */
export function settingsOf(get: (name: string) => string): TopicSettings {
  return {
    maxMessageBytes: Number(get('max.message.bytes')),
    retentionBytes: Number(get('retention.bytes')),
    logAppendTime: get('message.timestamp.type') === 'LogAppendTime',
    compacted: get('cleanup.policy').split(',').includes('compact'),
    timestampAfterMaxMs: Number(get('message.timestamp.after.max.ms')),
    timestampBeforeMaxMs: Number(get('message.timestamp.before.max.ms')),
    minInsyncReplicas: Number(get('min.insync.replicas')),
  }
}
