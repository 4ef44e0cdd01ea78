/**
 * What groups were told for themselves with IncrementalAlterConfigs, in place of what all groups have (KIP-848). Knows values by Kafka's names;
 * a group need not be there to have some.
 */
import type { GroupSettings } from './settings.ts'

type GroupSetting = 'sessionTimeoutMs' | 'heartbeatIntervalMs' | 'assignmentIntervalMs'

const SETTINGS: ReadonlyMap<string, { setting: GroupSetting; least: number }> = new Map([
  ['consumer.session.timeout.ms', { setting: 'sessionTimeoutMs', least: 1 }],
  ['consumer.heartbeat.interval.ms', { setting: 'heartbeatIntervalMs', least: 1 }],
  ['consumer.assignment.interval.ms', { setting: 'assignmentIntervalMs', least: 0 }],
])

/** What a group can be told. */
export const groupConfigNames: readonly string[] = [...SETTINGS.keys()]

const MOST = 2 ** 31 - 1

/** Why a group cannot have this value; undefined when it can. */
export function groupConfigProblem(name: string, value: string): string | undefined {
  const known = SETTINGS.get(name)
  if (known === undefined) return `There is no group config ${name}; groups have ${groupConfigNames.join(', ')}`
  const number = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= known.least && number <= MOST) return undefined
  return `The group config ${name} must be a whole number of milliseconds from ${known.least} to ${MOST}, not '${value}'`
}

export class GroupConfigs {
  /** Hears of each change; an empty map: the group has none any more. */
  onChange: (id: string, configs: ReadonlyMap<string, string>) => void = () => {}
  readonly #settings: GroupSettings
  readonly #own = new Map<string, ReadonlyMap<string, string>>()

  constructor(settings: GroupSettings) {
    this.#settings = settings
  }

  /** Groups that were told something. */
  ids(): Iterable<string> {
    return this.#own.keys()
  }

  of(id: string): ReadonlyMap<string, string> {
    return this.#own.get(id) ?? new Map()
  }

  set(id: string, configs: ReadonlyMap<string, string>): void {
    if (configs.size === 0) this.#own.delete(id)
    else this.#own.set(id, configs)
    this.onChange(id, configs)
  }

  /** What holds for a group. */
  settingsOf(id: string, configs = this.of(id)): Pick<GroupSettings, GroupSetting> {
    const { sessionTimeoutMs, heartbeatIntervalMs, assignmentIntervalMs } = this.#settings
    const settings = { sessionTimeoutMs, heartbeatIntervalMs, assignmentIntervalMs }
    for (const [name, value] of configs) settings[SETTINGS.get(name)!.setting] = Number(value)
    return settings
  }
}
