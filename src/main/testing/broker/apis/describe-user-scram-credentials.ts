/** DescribeUserScramCredentials 0 (KIP-554): who has which kind of credential. Nothing that could be logged in with. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeUserScramCredentialsRequest,
  type DescribeUserScramCredentialsResponse,
  describeUserScramCredentials,
} from '../../../../shared/protocol/generated/describe-user-scram-credentials.ts'
import { scramCode } from '../../../../shared/scram.ts'
import type { Cluster } from '../cluster.ts'
import type { Handler } from '../handler.ts'

type Result = NonNullable<Draft<DescribeUserScramCredentialsResponse>['results']>[number]

export const describeUserScramCredentialsHandler: Handler<
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse
> = {
  api: describeUserScramCredentials,
  handle({ users }, { cluster, faults }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error, errorMessage: null }
    const asked = users === null || users.length === 0 ? cluster.scramUsers.names : users.map(({ name }) => name)
    const results = Array.from(new Set(asked), (user) => {
      const repeated = asked.indexOf(user) !== asked.lastIndexOf(user)
      return repeated ? failed(user, ErrorCode.DUPLICATE_RESOURCE, REPEATED(user)) : describe(user, cluster)
    })
    return { results }
  },
}

const REPEATED = (user: string): string =>
  `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`

const failed = (user: string, errorCode: number, errorMessage: string): Result => ({ user, errorCode, errorMessage })

function describe(user: string, { scramUsers }: Cluster): Result {
  const credentials = scramUsers.credentialsOf(user)
  if (credentials === undefined)
    return failed(user, ErrorCode.RESOURCE_NOT_FOUND, `Attempt to describe a user credential that does not exist: ${user}`)
  const credentialInfos = Array.from(credentials, ([mechanism, { iterations }]) => ({
    mechanism: scramCode(mechanism),
    iterations,
  }))
  return { user, credentialInfos: credentialInfos.sort((a, b) => b.mechanism - a.mechanism) }
}
