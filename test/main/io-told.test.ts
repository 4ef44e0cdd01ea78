/** What a successor of an I/O core is told of transactions. */
import { expect, test } from 'vitest'
import { IoTold } from '../../src/main/io-told.ts'
import type { IoApi, TransactionTerms } from '../../src/shared/io-api.ts'
import type { Remote } from '../../src/shared/rpc.ts'

const terms = (producerEpoch: number): TransactionTerms => ({ producerId: 7, producerEpoch, byBrokers: true })

async function toldOf(told: IoTold): Promise<number[]> {
  const epochs: number[] = []
  const api = new Proxy({} as Remote<IoApi>, {
    get: (_, method) => {
      return async (...args: unknown[]) => {
        if (method === 'setTransaction') epochs.push((args[1] as TransactionTerms).producerEpoch)
      }
    },
  })
  await told.retell(api, new Map(), [])
  return epochs
}

test('the identity that the end of a transaction brought is told', async () => {
  const told = new IoTold()
  told.setTransaction(1, terms(3))
  told.nextTransaction(1, terms(3), terms(4))
  expect(await toldOf(told)).toEqual([4])
})

test('IT2: an end that is heard of late does not bring back an older identity', async () => {
  const told = new IoTold()
  told.setTransaction(1, terms(3))
  told.setTransaction(1, terms(9))
  told.nextTransaction(1, terms(3), terms(4))
  expect(await toldOf(told)).toEqual([9])
})
