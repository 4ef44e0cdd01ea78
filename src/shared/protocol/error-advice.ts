/**
 * What to do about errors of brokers, as sentences for the errors of the client. Has words only for those that a user can do something
 * about; how the client itself deals with an error is decided where it arrives.
 */
import { brokerError } from './errors.ts'

const RIGHTS = 'Give the principal of this client the right to do it.'
const REPLICAS = 'Fewer replicas are in sync than min.insync.replicas asks for: see which brokers are down or behind.'

const ADVICE = new Map([
  ['UNKNOWN_SERVER_ERROR', 'The log of the broker says what went wrong there.'],
  [
    'CORRUPT_MESSAGE',
    "The bytes were damaged on their way, or the topic is compacted and the record has no key: see the broker's log.",
  ],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'Check the name and that the client talks to the right cluster.'],
  ['UNKNOWN_TOPIC_ID', 'The topic was deleted, or deleted and created again.'],
  ['LEADER_NOT_AVAILABLE', 'No replica leads at present: see which brokers are down.'],
  ['REQUEST_TIMED_OUT', 'Its replicas or the controller were too slow: see how busy the brokers are.'],
  ['INVALID_TOPIC_EXCEPTION', 'Brokers do not take this name, or keep it for themselves.'],
  ['NOT_ENOUGH_REPLICAS', REPLICAS],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', REPLICAS],
  ['TOPIC_AUTHORIZATION_FAILED', RIGHTS],
  ['GROUP_AUTHORIZATION_FAILED', RIGHTS],
  ['CLUSTER_AUTHORIZATION_FAILED', RIGHTS],
  ['INVALID_TIMESTAMP', 'Its timestamp is outside of what the message.timestamp settings of the topic allow.'],
  ['INVALID_RECORD', 'The topic takes no such record: a compacted topic wants a key.'],
  ['UNSUPPORTED_VERSION', 'The broker is too old for it, or too new.'],
  ['UNSUPPORTED_COMPRESSION_TYPE', "Choose another 'compression', or upgrade the brokers."],
  ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'The topic keeps its records in a format that is too old for it.'],
  ['TOPIC_ALREADY_EXISTS', 'Choose another name, or delete the topic first.'],
  ['INVALID_PARTITIONS', 'Check the number of partitions.'],
  ['INVALID_REPLICATION_FACTOR', 'It cannot be larger than the number of brokers; −1 takes their default.'],
  ['INVALID_REPLICA_ASSIGNMENT', 'Each partition needs as many different brokers of the cluster as the others.'],
  ['INVALID_CONFIG', 'Check the names and values of the topic settings.'],
  ['POLICY_VIOLATION', 'A rule of the cluster forbids it: ask those who run it.'],
  ['KAFKA_STORAGE_ERROR', 'The disk of the broker failed or is full.'],
  ['TOPIC_DELETION_DISABLED', 'Set delete.topic.enable on the brokers.'],
  ['RESOURCE_NOT_FOUND', 'Check the name.'],
  ['UNACCEPTABLE_CREDENTIAL', 'Brokers do not take such a name or number of iterations.'],
  ['THROTTLING_QUOTA_EXCEEDED', 'The quota of this client is used up: try again later, or have it raised.'],
])

/** The sentence for an error code, or an empty string. */
export function adviceFor(code: number): string {
  return ADVICE.get(brokerError(code).name) ?? ''
}

/** `text` and the sentence behind it, if there is one. */
export function withAdvice(text: string, code: number): string {
  const advice = adviceFor(code)
  return advice === '' ? text : `${text} ${advice}`
}
