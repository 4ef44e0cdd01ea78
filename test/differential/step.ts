/** What a step of a sequence is: a kind with generated parameters, and what it does in the world. */
import fc from 'fast-check'
import type { Api } from '../../src/shared/protocol/api.ts'
import type { World } from './world.ts'

export interface StepKind<P = never> {
  readonly name: string
  /** How often, compared with the others. */
  readonly weight: number
  readonly params: fc.Arbitrary<P>
  run(world: World, params: P): Promise<void>
}

export const kind = <P>(name: string, weight: number, params: fc.Arbitrary<P>, run: StepKind<P>['run']): StepKind => {
  return { name, weight, params, run } as unknown as StepKind
}

/** A number that picks one of the versions both brokers know. */
export const anyVersion = fc.nat(99)

export function versionOf(api: Api, pick: number, least = api.minVersion, most = api.maxVersion): number {
  return least + (pick % (most - least + 1))
}

/** Mostly one of the topics, sometimes none. */
export const anyTopic = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 0, 1, 1, 2) },
  { weight: 1, arbitrary: fc.constantFrom('unknown' as const, 'illegal' as const) },
)

/** The topics hold up to three partitions. */
export const anyPartition = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 9, -1)
/** Mostly right. */
export const shift = fc.constantFrom(0, 0, 0, 0, 0, -1, 1)

/** For versions that have the field only. */
export const since = <T extends object>(version: number, first: number, fields: T): T | Record<string, never> => {
  return version >= first ? fields : {}
}
