/**
 * SCRAM users of the cluster (KIP-554): changes and describes their credentials. Owns what goes to brokers in place of a password, and when
 * a change counts as done.
 */
import { randomBytes } from 'node:crypto'
import { saslprep } from '@mongodb-js/saslprep'
import { KafkaError } from '../shared/errors.ts'
import type { CallTarget } from '../shared/io-api.ts'
import { adviceFor } from '../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type { AlterUserScramCredentialsResponse } from '../shared/protocol/generated/alter-user-scram-credentials.ts'
import type {
  DescribeUserScramCredentialsResponse,
  DescribeUserScramCredentialsResult,
} from '../shared/protocol/generated/describe-user-scram-credentials.ts'
import { type ScramMechanism, saltPassword, scramCode, scramMechanisms } from '../shared/scram.ts'
import { type AdminContext, ask, type CallLimits, retrying, throwFailures, worthAnotherTry } from './retrying.ts'
import type { CheckedScramAlteration } from './scram-options.ts'

/** What a user can log in with. */
export interface UserScramCredentials {
  user: string
  /** Empty: there is no such user. */
  credentials: { mechanism: ScramMechanism; iterations: number }[]
}

/** A change on its way. */
interface Change {
  readonly user: string
  readonly mechanism: ScramMechanism
  /** What brokers get; undefined: the credential goes. */
  readonly salted: { iterations: number; salt: Buffer; saltedPassword: Buffer } | undefined
  state: 'open' | 'done' | 'failed'
  /** An attempt may have worked although no answer said so. */
  unsure: boolean
  error: KafkaError | undefined
}

const DESCRIBE = 50
const ALTER = 51
const SALT_BYTES = 24

/** Returns when every broker that is known shows the changes. */
export async function alterScramUsers(
  context: AdminContext,
  alterations: readonly CheckedScramAlteration[],
  limits: CallLimits,
): Promise<void> {
  if (alterations.length === 0) return
  const changes = await Promise.all(alterations.map(changeOf))
  const twice = changes.find((one, index) => changes.findIndex((other) => isSame(one, other)) !== index)
  if (twice) {
    const text = `alterUserScramCredentials: ${twice.mechanism} of user '${twice.user}' is named twice in one call.`
    throw new KafkaError('INVALID_ARGUMENT', text)
  }
  const { metadata } = context
  // The first call of a client: it knows no broker of the cluster yet.
  if (metadata.brokers.length === 0) await metadata.refresh(limits)
  // With KRaft any broker forwards; one that is named tells whether the request can have been sent to another one before.
  let target: CallTarget = metadata.controllerId >= 0 ? metadata.controllerId : 'any'
  for (const layer of layersOf(changes)) {
    await retrying(context, limits, 'AlterUserScramCredentials', async () => {
      const open = layer.filter(({ state }) => state === 'open')
      if (open.length === 0) return undefined
      const why = await attempt(context, target, open, limits)
      if (why) target = 'any'
      return why
    })
  }
  const done = changes.filter(({ state }) => state === 'done')
  await Promise.all(metadata.brokers.map(({ nodeId }) => shown(context, nodeId, done, limits)))
  throwFailures(changes.flatMap(({ error }) => error ?? []))
}

/** Of these users, or of all that there are, in the order of their names. */
export async function describeScramUsers(
  context: AdminContext,
  users: readonly string[] | undefined,
  limits: CallLimits,
): Promise<UserScramCredentials[]> {
  let found: UserScramCredentials[] = []
  await retrying(context, limits, 'DescribeUserScramCredentials', async () => {
    try {
      found = await describe(context, 'any', users, limits)
      return undefined
    } catch (thrown) {
      return again(thrown, limits)
    }
  })
  return found
}

const isSame = (one: Change, other: Change): boolean => one.user === other.user && one.mechanism === other.mechanism

/** A request may have one change for each user. */
function layersOf(changes: readonly Change[]): Change[][] {
  const layers: Change[][] = []
  const counts = new Map<string, number>()
  for (const change of changes) {
    const earlier = counts.get(change.user) ?? 0
    counts.set(change.user, earlier + 1)
    const layer = (layers[earlier] ??= [])
    layer.push(change)
  }
  return layers
}

async function changeOf({ user, mechanism, password, iterations }: CheckedScramAlteration): Promise<Change> {
  const change = { user: prepared(user, 'user'), mechanism, state: 'open' as const, unsure: false, error: undefined }
  if (password === undefined) return { ...change, salted: undefined }
  const given: unknown = typeof password === 'function' ? await asked(password, user) : password
  if (typeof given !== 'string' || given === '') {
    const text = `alterUserScramCredentials: the password of user '${user}' must be a string of 1 character or more.`
    throw new KafkaError('INVALID_ARGUMENT', text)
  }
  const salt = randomBytes(SALT_BYTES)
  const saltedPassword = await saltPassword(mechanism, Buffer.from(prepared(given, 'password')), salt, iterations)
  return { ...change, salted: { iterations, salt, saltedPassword } }
}

async function asked(password: () => unknown, user: string): Promise<unknown> {
  try {
    return await password()
  } catch (cause) {
    const text = `alterUserScramCredentials: the function that gives the password of user '${user}' failed.`
    throw new KafkaError('INVALID_ARGUMENT', text, { cause })
  }
}

/** As when logging in, so that one who types the same characters in another way gets in. */
function prepared(text: string, what: string): string {
  try {
    return saslprep(text)
  } catch {
    // what the library says holds the characters themselves
    const why = `a ${what} has characters that SASLprep (RFC 4013) forbids; nobody could log in with it`
    throw new KafkaError('INVALID_ARGUMENT', `alterUserScramCredentials: ${why}. Choose others.`)
  }
}

/** One request; says why there has to be another one. */
async function attempt(
  context: AdminContext,
  target: CallTarget,
  open: readonly Change[],
  limits: CallLimits,
): Promise<KafkaError | undefined> {
  const deletions = open.filter(({ salted }) => salted === undefined)
  const upsertions = open.filter(({ salted }) => salted !== undefined)
  const named = ({ user, mechanism }: Change) => ({ name: user, mechanism: scramCode(mechanism) })
  const request = {
    deletions: deletions.map(named),
    upsertions: upsertions.map((change) => ({ ...named(change), ...change.salted })),
  }
  try {
    const { body, broker } = await ask(context, limits, 'AlterUserScramCredentials', target, ALTER, request)
    // among several brokers an earlier one may have got the request before its connection was lost
    if (target === 'any') for (const change of open) change.unsure = true
    const results = new Map((body as AlterUserScramCredentialsResponse).results.map((result) => [result.user, result]))
    let next: KafkaError | undefined
    for (const change of open) {
      const result = results.get(change.user)
      const error = result ? judge(change, result, broker) : unanswered(change, broker)
      next = error ?? next
    }
    return next
  } catch (thrown) {
    return again(thrown, limits)
  }
}

/** Settles a change, or says why it stays open. */
function judge(
  change: Change,
  { errorCode, errorMessage }: { errorCode: number; errorMessage: string | null },
  broker: string,
): KafkaError | undefined {
  const goneAlready = errorCode === ErrorCode.RESOURCE_NOT_FOUND && change.salted === undefined && change.unsure
  if (errorCode === ErrorCode.NONE || goneAlready) {
    change.state = 'done'
    return undefined
  }
  const error = refusal('AlterUserScramCredentials', change.user, broker, errorCode, errorMessage)
  if (error.retriable) return error
  change.state = 'failed'
  change.error = error
  return undefined
}

/** Resolves when this broker shows the changes, or cannot be asked: it learns of them before it takes logins again. */
async function shown(context: AdminContext, nodeId: number, changes: readonly Change[], limits: CallLimits): Promise<void> {
  if (changes.length === 0) return
  const users = [...new Set(changes.map(({ user }) => user))]
  await retrying(context, limits, 'waiting for changed SCRAM users to show', async () => {
    let found: UserScramCredentials[]
    try {
      found = await describe(context, nodeId, users, limits)
    } catch (thrown) {
      const error = again(thrown, limits)
      return error.code === 'CONNECTION_FAILED' || error.code === 'NO_BROKER' ? undefined : error
    }
    const late = changes.find((change) => !isShown(change, found))
    if (late === undefined) return undefined
    const text = `Broker ${nodeId} does not show the change of SCRAM user '${late.user}' yet.`
    return new KafkaError('TIMEOUT', text, { api: 'DescribeUserScramCredentials', retriable: true })
  })
}

function isShown({ user, mechanism, salted }: Change, found: readonly UserScramCredentials[]): boolean {
  const credentials = found.find((one) => one.user === user)?.credentials
  return credentials?.find((one) => one.mechanism === mechanism)?.iterations === salted?.iterations
}

async function describe(
  context: AdminContext,
  target: CallTarget,
  users: readonly string[] | undefined,
  limits: CallLimits,
): Promise<UserScramCredentials[]> {
  if (users?.length === 0) return [] // to brokers that would mean all
  const api = 'DescribeUserScramCredentials'
  const request = { users: users?.map((name) => ({ name })) ?? null }
  const { body, broker } = await ask(context, limits, api, target, DESCRIBE, request)
  const { errorCode, errorMessage, results } = body as DescribeUserScramCredentialsResponse
  if (errorCode !== ErrorCode.NONE) throw refusal(api, undefined, broker, errorCode, errorMessage)
  const failed = results.find((one) => one.errorCode !== ErrorCode.NONE && one.errorCode !== ErrorCode.RESOURCE_NOT_FOUND)
  if (failed) throw refusal(api, failed.user, broker, failed.errorCode, failed.errorMessage)
  return results.map(credentialsOf).sort((a, b) => (a.user < b.user ? -1 : 1))
}

function credentialsOf({ user, credentialInfos }: DescribeUserScramCredentialsResult): UserScramCredentials {
  const credentials = credentialInfos.flatMap(({ mechanism: code, iterations }) => {
    const mechanism = scramMechanisms[code - 1]
    // of a newer Kafka
    return mechanism === undefined ? [] : [{ mechanism, iterations }]
  })
  return { user, credentials: credentials.sort((a, b) => (a.mechanism < b.mechanism ? -1 : 1)) }
}

/** Throws what no other attempt will cure. */
function again(thrown: unknown, limits: CallLimits): KafkaError {
  const error = KafkaError.from(thrown, 'SCRAM users')
  if (!worthAnotherTry(error) || limits.signal?.aborted) throw error
  return error
}

function refusal(api: string, user: string | undefined, broker: string, errorCode: number, message: string | null): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const whose = user === undefined ? '' : ` for user '${user}'`
  const said = message ? ` The broker says: ${message}.` : ''
  const advice = adviceFor(errorCode)
  const text = `${api}${whose} at broker ${broker} failed: ${name}.${said}${advice && ` ${advice}`}`
  return new KafkaError('BROKER_ERROR', text, { broker, api, brokerError: name, brokerErrorCode: errorCode, retriable })
}

function unanswered({ user }: Change, broker: string): KafkaError {
  const api = 'AlterUserScramCredentials'
  const text = `Broker ${broker} left user '${user}' out of its answer to ${api}: what became of it is not known.`
  return new KafkaError('PROTOCOL_ERROR', text, { broker, api, retriable: true })
}
