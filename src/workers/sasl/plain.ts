/** SASL PLAIN (RFC 4616): user name and password as they are. Only for connections that nobody can listen to. */
import type { Credentials } from '../../shared/security.ts'
import type { Conversation } from './conversation.ts'

export function plain({ username, password }: Credentials): Conversation {
  return async (exchange) => {
    await exchange(Buffer.from(`\0${username}\0${password}`))
  }
}
