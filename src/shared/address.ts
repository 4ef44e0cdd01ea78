/** `host:port` as people read and write it. */

/** An IPv6 address gets its brackets. */
export function nameOf({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
