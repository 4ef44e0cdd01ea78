/**
 * What the errors of `node:tls` say about the two ends of a connection: whether they are not for each other, and what to do about it.
 * A connection that merely broke is not among them, whatever it was doing when it did.
 */

const OURS = "Check 'tls.cert' and 'tls.key', and that the brokers trust who signed them (ssl.truststore)."

const ADVICE: readonly [codes: RegExp, advice: string][] = [
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    "The certificate is for another name, or has its name in the subject only, where it does not count. Use a name that it holds (subjectAltName) in 'brokers' and advertised.listeners, or set 'tls.servername'.",
  ],
  [/^CERT_HAS_EXPIRED$/, "The broker's certificate has expired. Renew it there; the clock of this machine may also be wrong."],
  [/^CERT_NOT_YET_VALID$/, "The broker's certificate is not valid yet. Is the clock of this machine right?"],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_UNTRUSTED|INVALID_CA|CERT_CHAIN_TOO_LONG)$/,
    "Nobody that this client trusts has signed the broker's certificate. Give the certificate of its authority as 'tls.ca'.",
  ],
  [/^CERT_\w+$/, "The broker's certificate was not accepted."],
  [
    /^ERR_SSL_WRONG_VERSION_NUMBER$|^ERR_SSL_PACKET_LENGTH_TOO_LONG$/,
    "It does not speak TLS there. Use the port of a TLS listener, or leave out 'tls'.",
  ],
  [
    /^ERR_SSL_[\w/]*ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/,
    `The broker did not accept this client's certificate. ${OURS}`,
  ],
  [
    /^ERR_SSL_[\w/]*(ALERT_HANDSHAKE_FAILURE|ALERT_PROTOCOL_VERSION|ALERT_INSUFFICIENT_SECURITY|UNSUPPORTED_PROTOCOL|NO_\w+|UNRECOGNIZED_NAME)$/,
    `The two have no way of speaking TLS in common. ${OURS} See 'tls.minVersion' and 'tls.ciphers' too.`,
  ],
  [/^ERR_OSSL_|^ERR_TLS_|^ERR_CRYPTO_/, "The options in 'tls' cannot be used: see the certificate, the key and its passphrase."],
]

/** What to do about a connection that could not be made; undefined when TLS is not the reason. */
export function tlsAdvice(cause: Error | undefined): string | undefined {
  const code = codeOf(cause)
  if (code === undefined) return undefined
  return ADVICE.find(([codes]) => codes.test(code))?.[1]
}

/** With TLS 1.3 a broker judges our certificate after we have taken the connection for made. */
export function isLateRefusal(cause: Error | undefined): boolean {
  return /^ERR_SSL_[\w/]*ALERT_(CERTIFICATE_|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/.test(
    codeOf(cause) ?? '',
  )
}

/** What happened, without OpenSSL's source lines. */
export function tlsReason(cause: Error): string {
  return 'reason' in cause && typeof cause.reason === 'string' ? cause.reason : cause.message.trim()
}

function codeOf(cause: Error | undefined): string | undefined {
  const code: unknown = cause && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : undefined
}
