/** The errors of a feed that its user has to read. */
import { KafkaError } from '../../shared/errors.ts'

export function notOurs(where: { topic: string; partition: number }): KafkaError {
  return new KafkaError('ABORTED', `${where.topic}-${where.partition} was given back.`, where)
}

export function gaveUp(
  where: { topic: string; partition: number; offset: number },
  attempts: number,
  cause: unknown,
): KafkaError {
  const said = cause instanceof Error ? cause.message : String(cause)
  const text = `The handler failed ${attempts} times with the record at offset ${where.offset} of ${where.topic}-${where.partition}, which is the limit (handlerMaxAttempts): ${said}. The partition stands still. Mend the handler and call group.resume(), or go past the record with group.seek(); handlerGiveUp can skip or move such records.`
  return new KafkaError('HANDLER_FAILED', text, { ...where, cause })
}
