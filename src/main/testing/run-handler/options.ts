/** The options of `runHandler`: one row each. Those that a group has too are the group's own rows. */
import * as v from 'valibot'
import { integer, passed, text } from '../../../shared/options.ts'
import { groupOptions } from '../../group/group-options.ts'
import { topicConfigOptions } from '../../group/topic-options.ts'

const { handlerMaxBatchSize, handlerMaxAttempts, handlerGiveUp, transactional } = topicConfigOptions.entries
const { threads, threadOptions, handlerTimeoutMs } = groupOptions.entries

export const runHandlerSchema = v.strictObject({
  groupName: text(
    'run-handler',
    { min: 1, max: 249 },
    'The name of the group, as the handler and the headers of moved records have it.',
  ),
  deliveries: integer(
    10,
    { min: 1, max: 1_000_000 },
    'How often a record is handed out at most; then the run of its partition ends. A group has no such limit but handlerMaxAttempts.',
  ),
  signal: passed<AbortSignal>(
    (value) => value instanceof AbortSignal,
    'AbortSignal',
    'an AbortSignal',
    'When it is aborted, the partitions are taken away, as by a group that cannot wait any longer: the signal of a handler that runs is aborted, and what it returns does not count.',
  ),
  handlerMaxBatchSize,
  handlerMaxAttempts,
  handlerGiveUp,
  transactional,
  handlerTimeoutMs,
  threads,
  threadOptions,
})

export type RunHandlerOptions = v.InferInput<typeof runHandlerSchema>
