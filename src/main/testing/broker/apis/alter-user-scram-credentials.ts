/** AlterUserScramCredentials 0 (KIP-554): the client sends salted passwords, nobody sends a password. One change a user. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type AlterUserScramCredentialsRequest,
  type AlterUserScramCredentialsResponse,
  alterUserScramCredentials,
} from '../../../../shared/protocol/generated/alter-user-scram-credentials.ts'
import { MAX_SCRAM_ITERATIONS, MIN_SCRAM_ITERATIONS, type ScramMechanism, scramMechanisms } from '../../../../shared/scram.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { ScramUsers } from '../security/scram-users.ts'

type Result = NonNullable<Draft<AlterUserScramCredentialsResponse>['results']>[number]
type Deletion = AlterUserScramCredentialsRequest['deletions'][number]
type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number]

export const alterUserScramCredentialsHandler: Handler<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse> = {
  api: alterUserScramCredentials,
  handle({ deletions, upsertions }, { cluster, faults }) {
    const users = new Set([...deletions, ...upsertions].map(({ name }) => name))
    const results = Array.from(users, (user): Result => {
      const fault = faults.failureOf()
      if (fault) return { user, errorCode: fault.error, errorMessage: null }
      const ofUser = ({ name }: { name: string }): boolean => name === user
      try {
        alter(cluster.scramUsers, user, deletions.filter(ofUser), upsertions.filter(ofUser))
        return { user, errorMessage: null }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return { user, errorCode: error.errorCode, errorMessage: error.message || null }
      }
    })
    return { results }
  },
}

function alter(users: ScramUsers, user: string, deletions: Deletion[], upsertions: Upsertion[]): void {
  if (user === '') throw new Refusal(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Username must not be empty')
  if (deletions.length + upsertions.length > 1) {
    const text = 'A user credential cannot be altered twice in the same request'
    throw new Refusal(ErrorCode.DUPLICATE_RESOURCE, text)
  }
  for (const { mechanism } of deletions) remove(users, user, mechanismOf(mechanism))
  for (const upsertion of upsertions) put(users, upsertion)
}

function remove(users: ScramUsers, user: string, mechanism: ScramMechanism): void {
  if (users.credential(user, mechanism) === undefined)
    throw new Refusal(ErrorCode.RESOURCE_NOT_FOUND, 'Attempt to delete a user credential that does not exist')
  users.delete(user, mechanism)
}

function put(users: ScramUsers, { name, mechanism, salt, iterations, saltedPassword }: Upsertion): void {
  const known = mechanismOf(mechanism)
  checkIterations(iterations)
  // Kafka's own mistake: it tries to use it as a key
  if (saltedPassword.length === 0) throw new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR)
  users.alter(name, known, Buffer.from(salt), iterations, saltedPassword)
}

function mechanismOf(code: number): ScramMechanism {
  const mechanism = scramMechanisms[code - 1]
  if (mechanism === undefined) throw new Refusal(ErrorCode.UNSUPPORTED_SASL_MECHANISM, 'Unknown SCRAM mechanism')
  return mechanism
}

function checkIterations(iterations: number): void {
  if (iterations < MIN_SCRAM_ITERATIONS) throw new Refusal(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Too few iterations')
  if (iterations > MAX_SCRAM_ITERATIONS) throw new Refusal(ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Too many iterations')
}
