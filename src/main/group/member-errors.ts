/** The errors of membership in a consumer group: what the coordinator says, and what to do about it. Decides nothing. */
import { KafkaError } from '../../shared/errors.ts'
import { brokerError, brokerErrors, ErrorCode } from '../../shared/protocol/errors.ts'
import type { ConsumerGroupHeartbeatResponse } from '../../shared/protocol/generated/consumer-group-heartbeat.ts'
import type { MembershipSettings } from './membership-state.ts'

const API = 'ConsumerGroupHeartbeat'

/** What to do about a refusal, by Kafka's name of it. */
const ADVICE = new Map<string, (settings: MembershipSettings) => string>([
  ['GROUP_AUTHORIZATION_FAILED', () => 'Give the principal of this client the right to READ the group.'],
  [
    'TOPIC_AUTHORIZATION_FAILED',
    () => 'Give the principal of this client the right to DESCRIBE and READ every topic of the group.',
  ],
  [
    'UNRELEASED_INSTANCE_ID',
    ({ instanceId, instancePatienceMs }) =>
      `The instanceId '${instanceId}' is in use, which is waited for up to ${Math.round(instancePatienceMs / 1_000)} s, since the session of a user that crashed ends by itself. Give each member an instanceId of its own.`,
  ],
  [
    'FENCED_INSTANCE_ID',
    ({ instanceId }) => `Another member has joined with the instanceId '${instanceId}'. Give each member one of its own.`,
  ],
  [
    'UNSUPPORTED_ASSIGNOR',
    ({ serverAssignor }) => `The brokers have no assignor '${serverAssignor}': Kafka's own are 'uniform' and 'range'.`,
  ],
  [
    'INVALID_REGULAR_EXPRESSION',
    ({ topicRegex }) =>
      `Brokers do not take the expression '${topicRegex}': it has to be one of RE2/J, which knows neither lookahead nor backreferences.`,
  ],
  ['GROUP_MAX_SIZE_REACHED', () => 'End other members, or raise group.consumer.max.size.'],
  ['INVALID_GROUP_ID', () => 'Choose another name for the group.'],
  ['GROUP_ID_NOT_FOUND', otherKind],
  ['INCONSISTENT_GROUP_PROTOCOL', otherKind],
  ['UNSUPPORTED_VERSION', needsKafka4],
])

function otherKind(): string {
  return 'A group of this name is of another kind (classic, share or streams), and not empty. End its members, or choose another name.'
}

function needsKafka4(): string {
  return 'Consumer groups by KIP-848 need Apache Kafka 4.0 or later, with the feature group.version at 1.'
}

/** Whether a refusal may be over soon. Of errors that only later brokers know, no more is known than that this heartbeat was none. */
function isPassing(errorCode: number): boolean {
  return brokerError(errorCode).retriable || errorCode === ErrorCode.UNKNOWN_SERVER_ERROR || !brokerErrors.has(errorCode)
}

/** The coordinator refuses a heartbeat. */
export function groupRefusal(
  settings: MembershipSettings,
  { errorCode, errorMessage }: Pick<ConsumerGroupHeartbeatResponse, 'errorCode' | 'errorMessage'>,
  broker: string,
  api = API,
): KafkaError {
  const { name } = brokerError(errorCode)
  const said = errorMessage ? ` The broker says: ${errorMessage}` : ''
  const advice = ADVICE.get(name)?.(settings)
  const text = `The coordinator ${broker} of group '${settings.groupId}' refuses this member: ${name}.${said}${advice ? ` ${advice}` : ''}`
  const code = name === 'UNSUPPORTED_VERSION' ? 'UNSUPPORTED' : 'GROUP_ERROR'
  const context = { group: settings.groupId, broker, api, brokerError: name, brokerErrorCode: errorCode }
  return new KafkaError(code, text, { ...context, retriable: isPassing(errorCode) })
}

/** The member was put out of the group. */
export function fencedError({ groupId }: MembershipSettings, cause: KafkaError): KafkaError {
  const { brokerError: name } = cause.context
  const text = `The member was put out of group '${groupId}' (${name}): it was silent for longer than its session lasts, or did not release partitions in time. Others may have its partitions; it joins again.`
  return new KafkaError('MEMBER_LOST', text, { ...cause.context, retriable: true, cause })
}

/** The I/O thread left in the name of a main thread that did not react. */
export function leftError({ groupId, maxProcessingMs }: MembershipSettings, silentMs: number): KafkaError {
  const text = `The main thread did not react for ${silentMs} ms, which is more than maxProcessingMs (${maxProcessingMs}): the member has left group '${groupId}' so that others can have its partitions, and joins again. Keep long work off the main thread, or raise maxProcessingMs.`
  return new KafkaError('MEMBER_LOST', text, { group: groupId, elapsedMs: silentMs, retriable: true })
}

/** A call of the user's functions does not end; `what` is the subject. */
export function overrunError(
  { groupId, maxProcessingMs }: Pick<MembershipSettings, 'groupId' | 'maxProcessingMs'>,
  what: string,
  forMs: number,
): KafkaError {
  const text = `${what} has been running for ${forMs} ms, which is more than maxProcessingMs (${maxProcessingMs}): the member has left group '${groupId}' so that others can have its partitions. It joins again when that call has ended, and not before. Let handlers end when their signal is aborted, or raise maxProcessingMs.`
  return new KafkaError('MEMBER_LOST', text, { group: groupId, elapsedMs: forMs, retriable: true })
}

/** The broker does not know heartbeats of this kind. */
export function oldBrokerError(settings: MembershipSettings, cause: KafkaError): KafkaError {
  const text = `The brokers cannot have this member in group '${settings.groupId}'. ${needsKafka4()}`
  return new KafkaError('UNSUPPORTED', text, { ...cause.context, group: settings.groupId, cause })
}
