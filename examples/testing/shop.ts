/** What the examples of this folder test: code that produces, and handlers that consume. */
import type { Action, ConsumedRecord, GroupHandler, Kafka } from '../../src/main/index.ts'

export interface Order {
  id: number
  customer: string
  total: number
}

/** Resolves when the order is written. */
export async function placeOrder(kafka: Kafka, topic: string, order: Order): Promise<void> {
  const { customer } = order
  await kafka.producer().produce({ topic, key: customer, value: JSON.stringify(order), headers: [['source', 'shop']] })
}

/** Bills orders; what is no order goes to another topic, and test orders are passed over. */
export function billing(bill: (order: Order) => Promise<void>): GroupHandler {
  return {
    async handleRecordBatch(_topic, _partition, records) {
      const actions: [Action, ConsumedRecord][] = []
      for (const record of records) actions.push([await actionFor(record), record])
      return actions
    },
  }

  async function actionFor({ value }: ConsumedRecord): Promise<Action> {
    const order = parsed(value)
    if (!order) return { moveTo: 'rejected' }
    if (order.total === 0) return { skip: 'a test order' }
    await bill(order)
    return 'commit'
  }
}

function parsed(value: Buffer | null): Order | undefined {
  try {
    return JSON.parse(String(value))
  } catch {
    return undefined
  }
}
