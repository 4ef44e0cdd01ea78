/**
 * What the client promises, and the faults it has to live with, as data: `generate-reliability.ts` makes the tables of
 * `reliability.md` from it, and tests carry the ids in their titles. Owns the words; who covers what is found in the tests.
 */

export interface Row {
  id: string
  /** The promise, or the fault. */
  what: string
  /** How it is kept, or what the client does. */
  how: string
}

const row = (id: string, what: string, how: string): Row => ({ id, what, how })

export const invariants: readonly Row[] = [
  row(
    'IP1',
    'What is acknowledged is in the log, once, where it was said to be.',
    "Default `acks: 'all'`; one batch of a partition in a request, so that an answer stands for one batch only.",
  ),
  row(
    'IP2',
    'A failed send tells the truth about the log.',
    '`not-written` only when no broker can have it or one proved that it has not; everything else is `possibly-written`.',
  ),
  row(
    'IP3',
    'One producer writes nothing twice.',
    'A batch that may have arrived keeps producer id, epoch and sequence in every repetition, and nothing is sent past the five batches a broker remembers.',
  ),
  row(
    'IP4',
    'The log has the order of the calls.',
    'For each producer and partition; what is in flight is always the front of the queue, and after a failure nothing newer overtakes it.',
  ),
  row(
    'IP5',
    'No silent gap.',
    'When a batch fails for good, what follows it leaves only after that was decided, and under a new epoch.',
  ),
  row(
    'IP6',
    'No bytes end up in the wrong place.',
    'The memory of a batch is used again only when its records are settled and no socket holds it any more.',
  ),
  row(
    'IP7',
    'Every send ends exactly once.',
    'Within `deliveryTimeoutMs`, whatever the cluster, its metadata or the threads do; `close` ends what is left.',
  ),
  row(
    'IP8',
    'Memory is bounded.',
    '`bufferMemory` counts all that is accepted and not settled. When it is used up, sends wait or are refused; none is dropped.',
  ),
  row(
    'IX1',
    'Nothing from outside ends your process.',
    'Bytes from the network, metadata and your own callbacks may be anything: they end in typed errors, events or warnings.',
  ),
  row(
    'IX2',
    'Nothing is allocated on the word of a peer.',
    'Sizes and counts are compared with the bytes that are there and with a limit first; what is compressed is inflated up to a limit.',
  ),
  row(
    'IX3',
    'No storms.',
    'A cause that stays gets ever longer pauses with some chance in them; only an answer that worked resets them.',
  ),
  row(
    'IX4',
    'Work goes on when the fault is gone.',
    'Pauses have an upper bound, every wait has a deadline, and what is stuck says so.',
  ),
  row(
    'IX5',
    '`close` returns by its time and leaves nothing.',
    'No socket, timer or thread stays, so that the process ends by itself.',
  ),
  row(
    'IX6',
    'Durations do not depend on the wall clock.',
    'Deadlines and pauses are counted on the monotonic clock; the time of day is read for timestamps only.',
  ),
  row(
    'IX7',
    'Secrets stay secret.',
    'Passwords, tokens and keys are on the thread that needs them and in no error, event, log or name. Peers prove themselves first: by their certificate, and with SCRAM by their signature.',
  ),
  row(
    'IX8',
    'Every record has one owner.',
    'Your thread, a ring, the I/O thread or the kernel. Batches live in shared memory: when a thread dies, its successor sends them again as they were. What found no room there ends as `possibly-written`.',
  ),
  row(
    'IX9',
    'Names are never keys of plain objects.',
    'A topic or header called `__proto__` or `constructor` is one like any other.',
  ),
  row(
    'IC1',
    'Offsets that are delivered only grow.',
    'Within one assignment nothing is repeated and nothing left out, besides what the broker itself removed or hides.',
  ),
  row(
    'IC2',
    'No position goes back by itself.',
    'A reset needs an offset that is out of range, or a coordinator that confirms that there is none committed.',
  ),
  row('IC3', 'Nothing is committed before it is processed.', 'And nothing for a partition that was handed over.'),
  row(
    'IC4',
    'A partition is handed over when its handler is done.',
    'Or when time is up: then the handler is told, and its result does not count.',
  ),
  row(
    'IC5',
    'Little is delivered again.',
    'After a crash what was in progress and not committed; after an orderly stop nothing.',
  ),
  row(
    'IC6',
    'Readers of committed data see nothing else.',
    'No record of an aborted or open transaction; positions move over markers and empty batches.',
  ),
  row(
    'IC7',
    'What cannot be read is not stepped over.',
    'It is fetched again, then an error with partition and offset; going on behind it is your decision.',
  ),
  row('IT1', 'All or nothing.', 'The records of a transaction and the offsets that joined it count together.'),
  row('IT2', 'An unknown end of a transaction stays unknown.', 'Its epoch is given up before anything new begins.'),
  row('IT3', 'A fenced producer is over.', 'It says so once and does not come back by itself.'),
  row('IT4', 'The newest protocol for transactions is used where the cluster has it.', 'It ties each record to its transaction.'),
]

export const faults: readonly Row[] = [
  row(
    'F1',
    'A broker is killed.',
    'What was in flight goes to the new leader with the same sequence numbers; reads go on at their offset.',
  ),
  row(
    'F2',
    'Brokers are restarted one after the other.',
    'An answer that disowns a partition says who leads now, or brings fresh metadata at once; records wait and are repeated.',
  ),
  row(
    'F3',
    'A broker stands still with its connections open.',
    'A broker that owes answers and says nothing for 3 s is suspected: metadata is asked of another one, and if the leader moved, the connection ends and its requests are repeated at the new one. Without news it ends after `requestTimeoutMs`.',
  ),
  row(
    'F4',
    'The whole cluster is away for a while.',
    'Sends fill `bufferMemory`, then wait; nothing fails before its own timeout. Connecting is tried with pauses up to `reconnectBackoffMaxMs`, at the addresses of `brokers` too.',
  ),
  row(
    'F5',
    'A leader moves while everybody is well.',
    'Batches and reads follow it where the old leader says it went (KIP-951), or metadata does; a read names the leader epoch it knows, so that an outdated leader cannot answer it.',
  ),
  row(
    'F6',
    'Metadata goes back in time, or names no leader.',
    'A lower leader epoch is ignored, also behind what a broker said of a leader; that is given up when it proves wrong. Without a leader work waits, and the last known epoch stays.',
  ),
  row(
    'F7',
    "A log became shorter than a reader's position.",
    'Reads say which leader epoch they have read last; a log that does not have it ends them with `LOG_TRUNCATED` and the offset where it diverges, and raises `dataLoss`. Going on is the decision of the reader, or of the reset policy of its group.',
  ),
  row(
    'F8',
    'A coordinator moves or is loading.',
    'It is looked for again, by the I/O thread alone while yours is blocked; commits wait and are repeated, and the member stays what it is.',
  ),
  row('F9', 'A topic gets more partitions.', 'They join as soon as metadata shows them; the old ones are untouched.'),
  row(
    'F10',
    'A topic is deleted, or made again under its name.',
    'Sends and reads end with `UNKNOWN_TOPIC`. A new topic id is a new topic: nothing that was meant for the old one goes to it.',
  ),
  row(
    'F11',
    'A broker is slow, or one of several is.',
    'Each broker has its own queue and connections; the others notice nothing.',
  ),
  row(
    'F12',
    'The peer is gone and no packet tells it.',
    '`requestTimeoutMs` ends the connection, TCP keep-alive an idle one; requests are repeated elsewhere.',
  ),
  row(
    'F13',
    'A connection breaks at any byte, before, within or after an answer.',
    'All its requests count as "may have arrived" and are repeated with the same sequence numbers.',
  ),
  row(
    'F14',
    'Connections are taken and closed at once.',
    'An ordinary failure to connect: pauses, other brokers, no verdict about the cause.',
  ),
  row(
    'F15',
    'An answer is cut off, garbled, or belongs to no request.',
    '`PROTOCOL_ERROR`: the connection is closed, nothing of the answer counts, requests are repeated.',
  ),
  row(
    'F16',
    'A frame announces an absurd size, or the peer speaks TLS or HTTP.',
    'Refused before any memory is taken; the error says what the bytes look like.',
  ),
  row(
    'F17',
    'A record batch lies about itself.',
    'Checksum, format, lengths and counts are checked before use. It is fetched again, then `CORRUPT_BATCH` with its offset.',
  ),
  row('F18', 'A batch inflates beyond measure.', 'Inflating stops at the limit; the partition gets a typed error.'),
  row(
    'F19',
    'Batches carry rare or unknown attributes, or are empty.',
    'Control batches, empty ones and those of aborted transactions are stepped over and the position moves on; unknown bits are ignored.',
  ),
  row(
    'F20',
    'A broker throttles.',
    'Nothing is sent on that connection for the time it asks for, at most a minute, and an event tells of it; negative times count as none.',
  ),
  row(
    'F21',
    'The network is cut between the client and some or all brokers.',
    'As F3 and F12. A member that was put out of its group meanwhile loses its partitions at once: handlers are told by their signal, and nothing of them is committed.',
  ),
  row(
    'F22',
    'Two producers use one transactional id.',
    'The older one is fenced and says so once; its open transaction counts for nothing.',
  ),
  row(
    'F23',
    'A consumer wakes up after its session ended.',
    'The first answer tells it so: handlers are aborted, what it holds is dropped, nothing is committed, and it joins anew.',
  ),
  row('F24', 'A consumer dies in the middle of a batch.', 'Its session ends, and others go on from its last commits.'),
  row(
    'F25',
    'A handler throws.',
    'Its records come again with a higher `attempt`, until `handlerMaxAttempts` and `handlerGiveUp` decide; nothing is left out silently.',
  ),
  row(
    'F26',
    'A handler takes too long or for ever.',
    'After `handlerTimeoutMs` its signal is aborted and its result no longer counts. One that runs on past `maxProcessingMs` costs the member its place: all partitions are given up with `MEMBER_LOST`, it leaves, and it joins again when that call has ended.',
  ),
  row(
    'F27',
    'A handler blocks its thread.',
    'The I/O thread sends the heartbeats for as long as `maxProcessingMs`; then it leaves in the name of the member, so that others get its partitions.',
  ),
  row(
    'F28',
    'An I/O thread dies.',
    'Another one takes over within half a second and goes on with what was under way, under the same producer id, epoch and sequence (IX8); the event `ioThread` tells. The third crash in 10 s (`ioThreadCrashLimit`) is the end: one `fatal` event, and every call says why.',
  ),
  row(
    'F29',
    'An I/O thread stands still.',
    'Your thread never blocks on it. After `ioThreadStallMs` the event `ioThread` says so; after ten times that it is replaced. `close` does not wait for it.',
  ),
  row(
    'F30',
    'A ring between threads is full.',
    'The writer keeps what does not fit, says so to its callers and is woken when there is room; no wake-up gets lost.',
  ),
  row(
    'F31',
    'A thread dies between writing and publishing.',
    "A ring's position moves only when an entry is complete: half an entry is never read. After a crash rings begin anew under another generation, and what is found of batches counts only if it is whole: checksum, lengths and lane are checked.",
  ),
  row(
    'F32',
    'The process is told to end with work in hand.',
    '`group.stop` and `close` wait for running handlers, commit and leave within their time; then handlers are aborted, and their batches come again elsewhere. Producers are flushed.',
  ),
  row(
    'F33',
    '`close` at a bad moment: while connecting, without any broker, twice.',
    'It returns by its time; whoever waits gets `CLOSED`.',
  ),
  row('F34', 'The wall clock jumps or drifts.', 'No timeout notices; timestamps of records follow the clock.'),
  row('F35', 'The disk of a broker fails or is full.', '`KAFKA_STORAGE_ERROR`: fresh metadata, then again at the new leader.'),
  row(
    'F36',
    'Too few replicas are in sync.',
    'Repeated until `deliveryTimeoutMs`. Refused after the append means `possibly-written`, and the batch keeps its sequence numbers.',
  ),
  row(
    'F37',
    'A broker refuses a sequence number, or the numbers wrap.',
    "A known duplicate is a success without offset. A refusal at the head of the line is data loss: an event, then a new epoch. Wrapping follows Kafka's rule.",
  ),
  row(
    'F38',
    'A session has to be authenticated again.',
    'That happens on the connection, before the session ends: requests wait for it, for a bounded time, and none fails. A token that is slow or fails is asked for while requests go on.',
  ),
  row(
    'F39',
    'A right is withdrawn while the client works.',
    'A typed error for what it concerns, at once and without a storm; the next call after a pause tries again, and a group that runs goes on when it may.',
  ),
  row(
    'F40',
    'A certificate expires, is changed, or is of somebody else.',
    'Connections that are there live on; new ones fail with `TLS_FAILED` and the reason. Certificates from a function are those of each new connection.',
  ),
  row(
    'F41',
    'The other side of a SCRAM login cheats.',
    'The login fails closed before anything further is said; the number of iterations has bounds on both sides.',
  ),
  row(
    'F42',
    'A broker offers strange API versions, or not those that are needed.',
    'Impossible ranges are left out; what is missing is one `UNSUPPORTED` that names API and versions, without a storm.',
  ),
  row(
    'F43',
    'Metadata lies.',
    'Each entry is judged by itself: impossible ones are left out and the last good one stays. No partition at all is waited for, never a success.',
  ),
  row(
    'F44',
    'Bootstrap addresses fail, or lead to something else.',
    'All are tried, a silent one costs a second; they stay candidates for good. If all fail, `NO_BROKER` says why for each.',
  ),
  row(
    'F45',
    'The process runs out of file descriptors or ports.',
    'A failure to connect like any other: pauses, then it goes on.',
  ),
  row(
    'F46',
    'Very many partitions, topics or members.',
    'Partitions cost a small and constant amount each; 10,000 are joined and read within seconds, and what is fetched ahead stays within `prefetchBytes` and one batch.',
  ),
  row(
    'F47',
    'A fetch session is lost, or an answer names a partition twice.',
    'A full fetch opens a new session; a partition counts once an answer.',
  ),
  row('F48', 'The end of a transaction reaches the broker late.', 'The next one has another epoch, and is not touched.'),
  row(
    'F49',
    'Asking for committed offsets fails.',
    'It is asked again, never taken for "there are none": a reset needs a coordinator that says so.',
  ),
  row(
    'F50',
    'A record or batch is larger than the broker or the reader takes.',
    'A record above `batchBytes` is refused at once. A batch that the broker refuses is split until it fits; only a record that is too large on its own ends with `RECORD_TOO_LARGE`, size and limit. A reader always gets a first batch, however large.',
  ),
]

/** Rows that have a test, and must keep one. `npm run catalogue` prints the rest of what this version promises. */
export const COVERED: readonly string[] = [
  ...['IP1', 'IP2', 'IP3', 'IP4', 'IP5', 'IP6', 'IP7', 'IP8'],
  ...['IX1', 'IX2', 'IX3', 'IX4', 'IX5', 'IX6', 'IX8', 'IX9'],
  ...['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F9', 'F10', 'F11', 'F12', 'F13', 'F14', 'F15', 'F16', 'F17', 'F18', 'F19', 'F20'],
  ...['F7', 'F8', 'F21', 'F23', 'F24', 'F25', 'F26', 'F27', 'F32', 'F46', 'F49'],
  ...['IC1', 'IC2', 'IC3', 'IC4', 'IC5', 'IC6', 'IC7'],
  ...['F28', 'F29', 'F30', 'F31', 'F33', 'F34', 'F35', 'F36', 'F37', 'F42', 'F43', 'F44', 'F45', 'F47', 'F50'],
]
