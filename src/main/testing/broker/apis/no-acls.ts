/** What a Kafka without an authorizer says to whoever asks about ACLs: there are none, and nobody is kept from anything. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { RequestContext } from '../handler.ts'

/** A code that stands for nothing; Kafka cannot read a request that has it and closes the connection. */
const UNKNOWN = 0

export const NO_AUTHORIZER = { errorCode: ErrorCode.SECURITY_DISABLED, errorMessage: 'No authorizer is there to heed ACLs' }

/** Whether the codes of a request can be read; when not, the connection is closed. */
export function areReadable(codes: readonly number[], context: RequestContext): boolean {
  const readable = !codes.includes(UNKNOWN)
  if (!readable) context.close()
  return readable
}
