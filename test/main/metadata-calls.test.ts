import { describe, expect, it } from 'vitest'
import { MetadataCalls } from '../../src/main/metadata-calls.ts'
import { KafkaError } from '../../src/shared/errors.ts'

const brokers = [1, 2, 3].map((nodeId) => ({ nodeId, host: 'h', port: nodeId }))
const late = new KafkaError('TIMEOUT', 'late')

function calls(): MetadataCalls {
  const never = () => new Promise<never>(() => {})
  return new MetadataCalls({ now: () => 0 }, { call: never }, 1_000, () => {
    throw new Error('nothing is asked')
  })
}

describe('whom metadata asks', () => {
  it('is whoever is at hand, and every other time one after the other while answers are doubtful', () => {
    const asking = calls()
    const asked = Array.from({ length: 8 }, () => {
      const target = asking.target(brokers, true)
      asking.ended()
      return target
    })
    expect(asked).toEqual([1, 'any', 2, 'any', 3, 'any', 1, 'any'])
    expect(asking.target(brokers, true)).toBe(2)
    expect(calls().target(brokers)).toBe('any')
    expect(calls().target([brokers[0]!], true)).toBe('any')
  })

  it('F3: is not the one again that kept silent when it was its turn, unless all of them did', () => {
    const asking = calls()
    const asked: unknown[] = []
    for (let i = 0; i < 12; i++) {
      const target = asking.target(brokers, true)
      if (target === 'any') asking.ended()
      else {
        asked.push(target)
        asking.ended(target === 2 ? late : undefined)
      }
    }
    expect(asked.filter((target) => target === 2)).toEqual([2])
    expect(asked.length).toBeGreaterThan(4)
    const deaf = calls()
    const turns = Array.from({ length: 14 }, () => {
      const target = deaf.target(brokers)
      deaf.ended(late)
      return target
    }).filter((target) => target !== 'any')
    expect(turns).toEqual([1, 2, 3, 1, 2, 3, 1])
  })
})
