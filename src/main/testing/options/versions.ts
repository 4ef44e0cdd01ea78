/** Which versions of APIs a broker is to speak: Kafka's names as callers write them, turned into keys. */
import { KafkaError } from '../../../shared/errors.ts'
import { handledApis } from '../broker/apis/names.ts'
import { nearest } from '../nearest.ts'

/** The latest version of APIs by Kafka's names; null: not there. */
export type MaxVersions = Readonly<Record<string, number | null>>

/** Versions by the keys of the APIs. */
export function versionLimits(versions: MaxVersions, where: string): Map<number, number | null> {
  const limits = new Map<number, number | null>()
  for (const [api, version] of Object.entries(versions)) {
    const key = handledApis.get(api)
    const isVersion = version === null || (Number.isInteger(version) && version >= 0 && version < 2 ** 15)
    if (key !== undefined && isVersion) limits.set(key, version)
    else {
      const problem =
        key === undefined
          ? `the embedded broker has no API '${api}'; did you mean '${nearest(api, handledApis.keys())}'?`
          : `the version of ${api} must be a whole number or null, but is ${version}`
      throw new KafkaError('INVALID_OPTION', `${where}: maxVersions: ${problem}`, { option: 'maxVersions' })
    }
  }
  return limits
}
