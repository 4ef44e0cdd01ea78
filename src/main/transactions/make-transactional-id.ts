/** Puts a transactional id together: its producer, its coordinator, and what ties them. */
import { checkOptions } from '../../shared/options.ts'
import type { Producer, ProducerDeps } from '../producer.ts'
import { type CheckedProducerOptions, producerOptions } from '../producer-options.ts'
import { type CoordinatorContext, TransactionCoordinator } from './transaction-coordinator.ts'
import type { CheckedTransactionPool } from './transaction-options.ts'
import { TransactionalId, type TransactionalIdOptions } from './transactional-id.ts'

type MakeProducer = (
  options: CheckedProducerOptions,
  transactional: Pick<ProducerDeps, 'transactionalId' | 'onFailure'>,
) => Producer

export function makeTransactionalId(
  context: CoordinatorContext,
  settings: TransactionalIdOptions & Pick<CheckedTransactionPool, 'producer'>,
  makeProducer: MakeProducer,
): TransactionalId {
  const { transactionalId, timeoutMs, producer: chosen = {} } = settings
  const name = `transactions of ${transactionalId}`.slice(0, 249)
  const options = checkOptions(producerOptions, { ...chosen, name, deliveryTimeoutMs: timeoutMs }, 'transactionPool')
  const producer = makeProducer(options, { transactionalId, onFailure: (error) => id.failed(error) })
  const id: TransactionalId = new TransactionalId(
    context,
    settings,
    producer,
    new TransactionCoordinator(context, transactionalId, producer.id),
  )
  return id
}
