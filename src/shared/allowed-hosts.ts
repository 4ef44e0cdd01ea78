/** Which hosts a client may connect to: brokers name each other, and whoever speaks for them could name anybody. */

/** A host as it is compared: names know neither case nor a dot at their end. */
const bare = (host: string): string => host.toLowerCase().replace(/\.$/, '')

/** Whether `host` is one of `allowed`: a name, an address, or `*.` and the end of names. Undefined allows any. */
export function isAllowedHost(host: string, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true
  const name = bare(host)
  return allowed.some((pattern) => {
    const wanted = bare(pattern)
    return wanted.startsWith('*.') ? name.length > wanted.length - 1 && name.endsWith(wanted.slice(1)) : name === wanted
  })
}

/** Why a string is none of those; undefined when it is one. */
export function allowedHostProblem(pattern: string): string | undefined {
  if (/^(?:\*\.)?[^\s*:/[\]@,]+$/.test(pattern) || /^(?=.*:.*:)[0-9a-f:.]+$/i.test(pattern)) return undefined
  return `must be a host name, an address or '*.example.com', without a port, but is '${pattern}'`
}
