/** Tokens for Amazon MSK with IAM, made by Amazon's own signer. The package is an optional peer, loaded when it is first needed. */
import { KafkaError } from '../../shared/errors.ts'
import type { CheckedAwsOptions, OAuthToken } from './security-options.ts'

const PACKAGE = 'aws-msk-iam-sasl-signer-js'

interface Signed {
  token: string
  expiryTime: number
}

/** What is used of the package. */
interface Signer {
  generateAuthToken(options: { region: string }): Promise<Signed>
  generateAuthTokenFromProfile(options: { region: string; awsProfileName: string }): Promise<Signed>
  generateAuthTokenFromRole(options: { region: string; awsRoleArn: string; awsRoleSessionName?: string }): Promise<Signed>
  generateAuthTokenFromCredentialsProvider(options: { region: string; awsCredentialsProvider: unknown }): Promise<Signed>
}

let loading: Promise<Signer> | undefined

export async function awsToken({
  region,
  profile,
  roleArn,
  roleSessionName,
  credentials,
}: CheckedAwsOptions): Promise<OAuthToken> {
  loading ??= load()
  const signer = await loading
  const { token, expiryTime } = await (credentials
    ? signer.generateAuthTokenFromCredentialsProvider({ region, awsCredentialsProvider: credentials })
    : roleArn !== undefined
      ? signer.generateAuthTokenFromRole({
          region,
          awsRoleArn: roleArn,
          ...(roleSessionName !== undefined && { awsRoleSessionName: roleSessionName }),
        })
      : profile !== undefined
        ? signer.generateAuthTokenFromProfile({ region, awsProfileName: profile })
        : signer.generateAuthToken({ region }))
  return { value: token, expiresAt: expiryTime }
}

async function load(): Promise<Signer> {
  try {
    // a name in a variable: it need not be there to compile or to bundle
    const name: string = PACKAGE
    const loaded = (await import(name)) as Signer & { default?: Signer }
    return loaded.default ?? loaded
  } catch (thrown) {
    loading = undefined
    const { code, message } = thrown as NodeJS.ErrnoException
    // not one that the package itself misses
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${PACKAGE}'`)) throw thrown
    throw new KafkaError(
      'AUTHENTICATION_FAILED',
      `SASL with AWS_MSK_IAM needs the package '${PACKAGE}', which is not installed: npm install ${PACKAGE}.`,
      { option: 'sasl.mechanism' },
    )
  }
}
