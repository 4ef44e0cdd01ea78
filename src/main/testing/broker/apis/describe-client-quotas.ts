/** DescribeClientQuotas 0–1 (KIP-546): which quotas clients have. There are none here, so only what is asked wrongly makes a difference. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeClientQuotasRequest,
  type DescribeClientQuotasResponse,
  describeClientQuotas,
} from '../../../../shared/protocol/generated/describe-client-quotas.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'

type Component = DescribeClientQuotasRequest['components'][number]

const Match = { EXACT: 0, DEFAULT: 1, ANY: 2 } as const
const ENTITY_TYPES: ReadonlySet<string> = new Set(['user', 'client-id', 'ip'])

export const describeClientQuotasHandler: Handler<DescribeClientQuotasRequest, DescribeClientQuotasResponse> = {
  api: describeClientQuotas,
  handle({ components }, { faults }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error, errorMessage: null, entries: null }
    try {
      check(components)
      return { errorMessage: null, entries: [] }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { errorCode: error.errorCode, errorMessage: error.message, entries: null }
    }
  },
}

function check(components: readonly Component[]): void {
  const invalid = (why: string): Refusal => new Refusal(ErrorCode.INVALID_REQUEST, why)
  const seen = new Set<string>()
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') throw invalid('A component names no type of entity')
    if (seen.has(entityType)) throw invalid(`The type of entity '${entityType}' is named twice`)
    if (!ENTITY_TYPES.has(entityType))
      throw new Refusal(ErrorCode.UNSUPPORTED_VERSION, `There is no type of entity '${entityType}'`)
    seen.add(entityType)
    if (matchType === Match.EXACT && match === null) throw invalid('An exact match needs a name')
    if ((matchType === Match.DEFAULT || matchType === Match.ANY) && match !== null)
      throw invalid('Only an exact match has a name')
    if (matchType < Match.EXACT || matchType > Match.ANY) throw invalid(`There is no match of type ${matchType}`)
  }
  if (seen.has('ip') && seen.size > 1) throw invalid('Addresses have quotas of their own, apart from users and client ids')
}
