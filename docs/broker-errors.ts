/**
 * What the client does by itself about each error code of brokers, in words. What follows from the code's own properties is said by
 * rule; this file has the exceptions and which codes belong to something that this version does not ask for.
 */
import { adviceFor } from '../src/shared/protocol/error-advice.ts'
import type { BrokerErrorInfo } from '../src/shared/protocol/errors.ts'

const REPEATED_READ = 'Takes it for a first or a lost session and asks for everything again, at once.'
const EPOCH =
  'At the head of the line: a `dataLoss` event, then the records again under a new epoch. Behind others: waits for those.'
const SPLIT = 'Splits the batch; only a record that is too large by itself ends with `RECORD_TOO_LARGE`.'
const FOLLOWED =
  'Follows the leader that the broker names, at once and without asking for metadata (KIP-951). Without such a hint: asks for fresh metadata and tries again.'
const COORDINATOR = 'A member of a group looks for the coordinator again, with growing pauses, and keeps its partitions.'
const PUT_OUT = 'A member of a group has lost all its partitions (`MEMBER_LOST`) and joins again.'
const ABORTED = 'Aborts the transaction, which ends with `TRANSACTION_FAILED` (`aborted`); it is safe to run it again.'
const FAILED = 'Ends the transaction with `TRANSACTION_FAILED`, which is not retriable.'
const NAMED = 'Ends the records that the broker names; the rest of their batch goes again without them (KIP-467).'

/** Where the code that handles answers treats one differently from others with the same properties. */
export const special: ReadonlyMap<string, string> = new Map([
  ['NONE', 'Success.'],
  ['UNKNOWN_SERVER_ERROR', 'Ends the call. A record is `possibly-written`.'],
  ['OFFSET_OUT_OF_RANGE', 'Ends the read with `OFFSET_OUT_OF_RANGE`; it never chooses another offset by itself.'],
  [
    'UNKNOWN_TOPIC_OR_PARTITION',
    'Asks for fresh metadata and tries again; a topic that stays unknown ends calls with `UNKNOWN_TOPIC` after `unknownTopicTimeoutMs`. For `deleteTopics` after a lost answer: done.',
  ],
  [
    'UNKNOWN_TOPIC_ID',
    'As UNKNOWN_TOPIC_OR_PARTITION; metadata tells whether the topic was made anew, which ends what was meant for the old one.',
  ],
  ['LEADER_NOT_AVAILABLE', 'Waits for a leader, asking for metadata with growing pauses.'],
  ['REQUEST_TIMED_OUT', 'Tries again with the same sequence numbers: the record may have been written.'],
  ['MESSAGE_TOO_LARGE', SPLIT],
  ['RECORD_LIST_TOO_LARGE', SPLIT],
  ['INVALID_RECORD', NAMED],
  ['INVALID_TIMESTAMP', NAMED],
  ['NOT_LEADER_OR_FOLLOWER', FOLLOWED],
  ['FENCED_LEADER_EPOCH', FOLLOWED],
  [
    'UNKNOWN_LEADER_EPOCH',
    'The broker has not heard of a leader that a hint named: tries again with growing pauses, else asks for fresh metadata.',
  ],
  ['COORDINATOR_LOAD_IN_PROGRESS', `Asks again for the producer id, with growing pauses; records wait. ${COORDINATOR}`],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'Tries again with the same sequence numbers: the leader has the record already.'],
  ['NOT_CONTROLLER', 'Asks for fresh metadata and then the new controller.'],
  ['TOPIC_ALREADY_EXISTS', 'Ends `createTopics`, unless an earlier try may have made just this topic: then it is done.'],
  [
    'INVALID_PARTITIONS',
    'Ends the call, unless an earlier try of `createPartitions` may have made just this number: then it is done.',
  ],
  ['UNSUPPORTED_VERSION', 'On the first words to a broker: asks again in a version that it has. Else it ends the call.'],
  ['OUT_OF_ORDER_SEQUENCE_NUMBER', EPOCH],
  [
    'UNKNOWN_PRODUCER_ID',
    `${EPOCH} A record that may be in the log already is \`possibly-written\`: a second copy could not be ruled out.`,
  ],
  [
    'INVALID_PRODUCER_EPOCH',
    `${EPOCH} A record that may be in the log already is \`possibly-written\`: a second copy could not be ruled out. In a transaction as PRODUCER_FENCED.`,
  ],
  [
    'PRODUCER_FENCED',
    'Asks the coordinator whether it had only aborted the transaction itself (`TRANSACTION_FAILED`, `timed-out`) or somebody else has the transactional id (`fenced`): then no other transaction begins.',
  ],
  [
    'INVALID_TRANSACTION_TIMEOUT',
    `${FAILED} Lower \`timeoutMs\` of \`transactionPool\`, or raise transaction.max.timeout.ms of the brokers.`,
  ],
  ['TRANSACTION_COORDINATOR_FENCED', FAILED],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', `${FAILED} Allow this principal to write under the transactional id.`],
  ['CONCURRENT_TRANSACTIONS', 'Asks again after a few milliseconds: the end of the last transaction is still being written.'],
  ['INVALID_TXN_STATE', ABORTED],
  ['TRANSACTION_ABORTABLE', ABORTED],
  ['INVALID_PRODUCER_ID_MAPPING', `The coordinator has forgotten the transactional id. ${ABORTED}`],
  ['ILLEGAL_GENERATION', `On offsets that join a transaction: the group has moved on. ${ABORTED}`],
  ['REBALANCE_IN_PROGRESS', `On offsets that join a transaction: the group has moved on. ${ABORTED}`],
  [
    'OFFSET_METADATA_TOO_LARGE',
    'Commits the offset again without what was noted with it; without anything noted the partition stops.',
  ],
  ['STALE_MEMBER_EPOCH', 'Commits again under the epoch that the member has now.'],
  ['DUPLICATE_SEQUENCE_NUMBER', 'Success without offset: the record is in the log.'],
  ['FETCH_SESSION_ID_NOT_FOUND', REPEATED_READ],
  ['INVALID_FETCH_SESSION_EPOCH', REPEATED_READ],
  ['COORDINATOR_NOT_AVAILABLE', COORDINATOR],
  ['NOT_COORDINATOR', COORDINATOR],
  ['FENCED_MEMBER_EPOCH', PUT_OUT],
  ['UNKNOWN_MEMBER_ID', PUT_OUT],
  ['GROUP_ID_NOT_FOUND', `${PUT_OUT} On joining it ends the member with \`GROUP_ERROR\`: the group is of another kind.`],
  [
    'UNRELEASED_INSTANCE_ID',
    'Waits up to 60 s until the `instanceId` is free, since the session of a user that crashed ends by itself; then it ends the member with `GROUP_ERROR`.',
  ],
  ...[
    'INCONSISTENT_GROUP_PROTOCOL',
    'INVALID_GROUP_ID',
    'GROUP_AUTHORIZATION_FAILED',
    'GROUP_MAX_SIZE_REACHED',
    'FENCED_INSTANCE_ID',
    'UNSUPPORTED_ASSIGNOR',
    'INVALID_REGULAR_EXPRESSION',
  ].map((name): [string, string] => [name, 'Ends the member of the group with `GROUP_ERROR`, which says what to do.']),
  [
    'RESOURCE_NOT_FOUND',
    'A SCRAM user who is not there: has no credentials when described. Ends with `BROKER_ERROR` when it was to be removed, unless an earlier attempt may have done that.',
  ],
  ...['UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE', 'SASL_AUTHENTICATION_FAILED'].map((name): [string, string] => [
    name,
    'Ends the connection, and whoever waits for it, with `AUTHENTICATION_FAILED`, which says what to do.',
  ]),
  ['REBOOTSTRAP_REQUIRED', 'Forgets the brokers that it knows and begins anew at the addresses of `brokers`.'],
])

const codes = (...parts: (number | readonly [number, number])[]): Set<number> =>
  new Set(
    parts.flatMap((part) =>
      typeof part === 'number' ? part : Array.from({ length: part[1] - part[0] + 1 }, (_, i) => part[0] + i),
    ),
  )

/** Codes that only come with requests that this version does not make. */
export const absent: ReadonlyMap<string, ReadonlySet<number>> = new Map([
  ['groups of the classic protocol, and their administration', codes(26, 28, 68, 79, 86, [130, 132])],
  ['delegation tokens', codes(54, [61, 67], 97)],
  ['share groups', codes([121, 124], 133)],
  ['other administration', codes(55, 57, 60, 80, [83, 85], 92, 95, 96, 105, 114, 115, 117, 118)],
  ['what brokers say among themselves', codes(8, 11, 77, 94, 98, 99, 101, 102, 104, 107, 108, 109, 116, 119, [125, 127])],
])

export function whatClientDoes(error: BrokerErrorInfo): string {
  const own = special.get(error.name)
  if (own !== undefined) return own
  for (const [what, members] of absent) if (members.has(error.code)) return `Does not come up in this version (${what}).`
  if (!error.retriable) return ['Ends the call with `BROKER_ERROR`.', adviceFor(error.code)].join(' ').trim()
  const rule = error.invalidMetadata ? 'Asks for fresh metadata and tries again' : 'Tries again'
  return `${rule}, with growing pauses, until the time of the call is up.`
}
