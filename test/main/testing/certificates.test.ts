import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { CertificateAuthority } from '../../../src/main/testing/certificates.ts'

describe('certificates for tests', () => {
  const authority = new CertificateAuthority('an authority')
  const root = new X509Certificate(authority.cert)

  test('the authority signs itself, and nobody else', () => {
    expect([root.ca, root.subject, root.checkIssued(root), root.verify(root.publicKey)]).toEqual([
      true,
      'CN=an authority',
      true,
      true,
    ])
    const other = new X509Certificate(new CertificateAuthority('an authority').cert)
    expect(root.verify(other.publicKey)).toBe(false)
  })

  test('a certificate is good for its hosts, in every way an address is written', () => {
    const hosts = ['localhost', '*.kafka.example', '127.0.0.1', '::1', 'fe80::1:2', '::ffff:10.0.0.1']
    const { cert, key } = authority.issue({ name: 'Käfka', hosts })
    const leaf = new X509Certificate(cert)
    expect([leaf.checkIssued(root), leaf.verify(root.publicKey), leaf.ca, leaf.subject]).toEqual([true, true, false, 'CN=Käfka'])
    expect(leaf.checkPrivateKey(createPrivateKey(key))).toBe(true)
    for (const name of ['localhost', 'b1.kafka.example']) expect(leaf.checkHost(name)).toBeDefined()
    for (const ip of ['127.0.0.1', '::1', 'fe80:0:0:0:0:0:1:2', '::ffff:10.0.0.1']) expect(leaf.checkIP(ip), ip).toBeDefined()
    expect([leaf.checkHost('kafka.example'), leaf.checkIP('127.0.0.2')]).toEqual([undefined, undefined])
  })

  test("a certificate without hosts is nobody's on the net", () => {
    const leaf = new X509Certificate(authority.issue({ name: 'localhost' }).cert)
    expect(leaf.subjectAltName).toBeUndefined()
  })

  test('dates are kept to the second, also those after 2049', () => {
    const notBefore = new Date('2020-02-29T23:59:58Z')
    const notAfter = new Date('2051-01-02T03:04:05Z')
    const leaf = new X509Certificate(authority.issue({ name: 'x', notBefore, notAfter }).cert)
    expect([leaf.validFromDate, leaf.validToDate]).toEqual([notBefore, notAfter])
  })

  test('serial numbers differ', () => {
    const serials = Array.from({ length: 20 }, () => new X509Certificate(authority.issue({ name: 'x' }).cert).serialNumber)
    expect(new Set(serials).size).toBe(20)
  })
})
