/** SaslAuthenticate 0–2: the tokens of a login (KIP-152), with how long it holds (KIP-368). */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
  saslAuthenticate,
} from '../../../../shared/protocol/generated/sasl-authenticate.ts'
import type { Handler } from '../handler.ts'

const LOGGED_IN_ALREADY = {
  errorCode: ErrorCode.ILLEGAL_SASL_STATE,
  errorMessage: 'SaslAuthenticate request received after successful authentication',
}

export const saslAuthenticateHandler: Handler<SaslAuthenticateRequest, SaslAuthenticateResponse> = {
  api: saslAuthenticate,
  async handle({ authBytes }, { session, faults, closeAfterAnswer }) {
    const fault = faults.failureOf()
    if (fault) {
      closeAfterAnswer()
      return { errorCode: fault.error, errorMessage: null }
    }
    if (session === undefined || session.isOpen) return LOGGED_IN_ALREADY
    const [answer, ends] = await session.authenticate(authBytes)
    if (ends) closeAfterAnswer()
    return answer
  },
}
