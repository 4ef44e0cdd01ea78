/** SaslHandshake 0–1: which mechanism a login, or its renewal (KIP-368), is to use. */

import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type SaslHandshakeRequest,
  type SaslHandshakeResponse,
  saslHandshake,
} from '../../../../shared/protocol/generated/sasl-handshake.ts'
import type { Handler } from '../handler.ts'

export const saslHandshakeHandler: Handler<SaslHandshakeRequest, SaslHandshakeResponse> = {
  api: saslHandshake,
  handle({ mechanism }, { version, session, faults, closeAfterAnswer }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error }
    // nobody logs in where there is no SASL, or twice
    if (session === undefined) return { errorCode: ErrorCode.ILLEGAL_SASL_STATE }
    const [answer, ends] = session.handshake(mechanism, version)
    if (ends) closeAfterAnswer()
    return answer
  },
}
