/** Every code of a KafkaError in words: what it means, whether the same call may work later, what to do. */
import type { KafkaErrorCode } from '../src/shared/errors.ts'

export interface CodeText {
  meaning: string
  /** As `error.retriable` says; `sometimes` where it depends on the cause. */
  retriable: 'yes' | 'no' | 'sometimes'
  todo: string
}

export const kafkaErrorCodes: Record<KafkaErrorCode, CodeText> = {
  INVALID_OPTION: {
    meaning: 'An option has an unknown name, a wrong type or a value out of bounds, or two options do not go together.',
    retriable: 'no',
    todo: 'The message names the option, what was given and what is allowed.',
  },
  INVALID_ARGUMENT: {
    meaning: 'What a call was given cannot be used: a record, a position, the name of a topic.',
    retriable: 'no',
    todo: 'The message names the field. Correct the caller.',
  },
  CLOSED: {
    meaning: 'The client or producer was closed before or during the call.',
    retriable: 'no',
    todo: 'Make a new one. On failed sends `outcome` says whether the record may be there.',
  },
  ABORTED: {
    meaning: 'The `signal` of the call was aborted.',
    retriable: 'no',
    todo: 'The reason is in `cause`. A record that was under way goes on: then `outcome` is `possibly-written`.',
  },
  TIMEOUT: {
    meaning: 'A call or a request took longer than it may.',
    retriable: 'yes',
    todo: 'Message and `cause` have the last failure on the way. Look after that, or give it more time.',
  },
  NO_BROKER: {
    meaning: 'No broker could be reached, or the one that is needed is not known.',
    retriable: 'yes',
    todo: 'The message has one reason for each address. Check `brokers`, names, ports and what is between.',
  },
  CONNECTION_FAILED: {
    meaning: 'A connection could not be made.',
    retriable: 'yes',
    todo: 'The client tries again by itself. If it stays, see whether the broker runs and can be reached from here.',
  },
  CONNECTION_LOST: {
    meaning: 'A connection ended with requests in flight.',
    retriable: 'yes',
    todo: 'The client repeats what it may. If it is frequent, look at the network and the logs of the brokers.',
  },
  TLS_FAILED: {
    meaning:
      'A broker and this client do not accept each other: a certificate that is not trusted, has expired or is for another name, or no TLS at all.',
    retriable: 'sometimes',
    todo: 'The message names what was not accepted and the option to look at; [security.md](security.md) has the cases.',
  },
  AUTHENTICATION_FAILED: {
    meaning: 'A broker does not accept the credentials or the token, or did not prove who it is itself.',
    retriable: 'sometimes',
    todo: 'Correct `sasl`, or the user at the brokers. Nothing is asked for again until the next call, so that accounts are not locked.',
  },
  HOST_NOT_ALLOWED: {
    meaning: 'A broker named a host that `allowedHosts` does not have; nothing was sent there.',
    retriable: 'no',
    todo: 'Add the host if it is a broker of yours. If not, somebody else answers for your brokers.',
  },
  PROTOCOL_ERROR: {
    meaning: "What arrived is not Kafka's protocol, or contradicts itself.",
    retriable: 'yes',
    todo: 'The connection was closed. The message says what the bytes look like: TLS, HTTP, a size above `maxResponseBytes`.',
  },
  UNSUPPORTED: {
    meaning: 'A broker lacks an API or a version of it, or a log has a record format that is not read.',
    retriable: 'no',
    todo: 'Upgrade the broker, or do without.',
  },
  UNKNOWN_TOPIC: {
    meaning: 'The cluster does not know the topic, or it was deleted or made anew during the call.',
    retriable: 'sometimes',
    todo: 'Check the name and the cluster, or create the topic with `admin.createTopics`.',
  },
  UNKNOWN_PARTITION: {
    meaning: 'The topic has no partition of that number.',
    retriable: 'no',
    todo: 'The message says how many there are.',
  },
  BUFFER_FULL: {
    meaning: 'All of `bufferMemory` is taken by records that are not settled yet.',
    retriable: 'yes',
    todo: "Wait for 'drain', use `produce`, which waits by itself, or raise `bufferMemory`.",
  },
  RECORD_TOO_LARGE: {
    meaning: 'A record is larger than `batchBytes`, or a batch is larger than the broker takes.',
    retriable: 'no',
    todo: 'Send less at once; else raise `batchBytes` and `max.message.bytes` of the topic together.',
  },
  DELIVERY_TIMEOUT: {
    meaning: 'A record was not acknowledged within `deliveryTimeoutMs`.',
    retriable: 'yes',
    todo: 'The message has the last reason. Look at `outcome` before you send the record again.',
  },
  OFFSET_OUT_OF_RANGE: {
    meaning: 'The log does not have the offset that was asked for.',
    retriable: 'no',
    todo: '`admin.listOffsets` has the first and the last. Decide where to go on.',
  },
  LOG_TRUNCATED: {
    meaning: 'The log no longer has records that were read from it before: the brokers lost acknowledged data.',
    retriable: 'no',
    todo: '`context.offset` is where the log is another one now: go on from there. Then see which brokers failed, and why others could lead.',
  },
  NO_OFFSET: {
    meaning: "A consumer group has no committed offset for a partition, and its `offsetResetPolicy` is `'error'`.",
    retriable: 'no',
    todo: "Commit an offset for the partition, or choose `'earliest'`, `'latest'` or `{ byDuration }`.",
  },
  CORRUPT_BATCH: {
    meaning: 'A record batch does not match its checksum, lies about itself, or inflates too far.',
    retriable: 'sometimes',
    todo: 'It was fetched several times. Partition and offset are in `context`; going on behind it is your decision.',
  },
  UNSUPPORTED_COMPRESSION: {
    meaning: 'A batch is compressed in a way that this client cannot read.',
    retriable: 'no',
    todo: 'Read it with a client that can, or have the producer use another codec.',
  },
  BROKER_ERROR: {
    meaning: 'A broker refused, and the client cannot get over it by itself.',
    retriable: 'sometimes',
    todo: "`context.brokerError` has Kafka's name for it; see the table below.",
  },
  MEMBER_LOST: {
    meaning:
      'The member was put out of its consumer group, or left it because the main thread was blocked, or a call of its handler ran, for longer than `maxProcessingMs`. Others may have its partitions.',
    retriable: 'yes',
    todo: 'It joins again by itself. If it comes often: keep the main thread free, let handlers heed their signal, or raise `maxProcessingMs` and the session timeout of the group.',
  },
  GROUP_ERROR: {
    meaning: 'The coordinator does not take the member into the consumer group, or does not let it stay.',
    retriable: 'no',
    todo: 'The message says what is wrong: rights, names, the assignor, the size or the kind of the group, an `instanceId` that is used twice.',
  },
  HANDLER_RESULT: {
    meaning: 'A handler returned something that does not say what becomes of each record of its batch.',
    retriable: 'no',
    todo: 'The message says what is wrong and at which offset. Nothing of the batch was committed; correct the handler.',
  },
  HANDLER_TIMEOUT: {
    meaning: 'A handler, or another function given to a group, took longer than `handlerTimeoutMs`.',
    retriable: 'yes',
    todo: 'Its batch is delivered again. Find out what it waits for; give it fewer records at a time, or more time.',
  },
  HANDLER_FAILED: {
    meaning: 'A handler threw something that is no Error, or a module of handlers could not be set up.',
    retriable: 'sometimes',
    todo: 'What it threw is in `cause`. At the start of a group it is the end; later its batch is delivered again.',
  },
  WORKER_DIED: {
    meaning: 'An I/O thread of the client, or a thread with handlers of a group, ended unexpectedly.',
    retriable: 'sometimes',
    todo: '`cause` says why; out of memory is the usual reason. A handler thread is replaced; after an I/O thread make a new client.',
  },
  TRANSACTION_FAILED: {
    meaning:
      'A transaction was not committed, or it is not known whether it was: `context.transaction` says which (`aborted`, `timed-out`, `fenced`, `unknown`).',
    retriable: 'sometimes',
    todo: 'Run it again when `retriable` says so: nothing of it counts then. `fenced` ends transactions for this client, `unknown` has to be looked into.',
  },
  TRANSACTION_MISUSED: {
    meaning: 'Something was handed to a transaction that had ended, or a transaction was begun inside another.',
    retriable: 'no',
    todo: 'Await inside the function what belongs to the transaction, and keep its tx there.',
  },
  INTERNAL: {
    meaning: 'A bug of this client.',
    retriable: 'no',
    todo: 'Please report it, with the stack in `cause`.',
  },
}
