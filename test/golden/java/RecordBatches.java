import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Prints test/golden/record-batches.json: batches as Kafka's own classes write them, with what the same classes read from them.
 *
 * mvn dependency:copy-dependencies -DoutputDirectory=libs (of a pom with org.apache.kafka:kafka-clients:4.3.1)
 * java -cp 'libs/*' test/golden/java/RecordBatches.java > test/golden/record-batches.json
 */
public class RecordBatches {
    static final long NOW = 1764000000000L;
    static final StringBuilder out = new StringBuilder("[");

    public static void main(String[] args) {
        Compression none = Compression.NONE;
        emit("one record", built(none, 0, -1, (short) -1, -1, false, record(0, "key", "value")));
        emit("no key, no value, empty key, empty value", built(none, 0, -1, (short) -1, -1, false,
            record(0, null, null), record(1, "", ""), record(2, null, "v"), record(3, "k", null)));
        emit("headers: repeated keys, empty, null and binary values", built(none, 0, -1, (short) -1, -1, false,
            new SimpleRecord(NOW, bytes("k"), bytes("v"), new Header[] {header("a", "1"), header("a", "2"), header("", ""),
                new RecordHeader("null", (byte[]) null), new RecordHeader("__proto__", new byte[] {0, (byte) 0xff, 0x7f})}),
            new SimpleRecord(NOW, null, bytes("w"), new Header[] {header("schl\u00fcssel \ud83d\ude00", "wert")})));
        emit("non-ASCII text", built(none, 0, -1, (short) -1, -1, false,
            record(0, "\u00e4".repeat(31), "\u20ac".repeat(21)), record(0, "\u00e4".repeat(32), "\u20ac".repeat(22)),
            record(5, "\ud83d\ude00", "a".repeat(63) + "\u00e4")));
        emit("lengths at the varint borders", built(none, 0, -1, (short) -1, -1, false,
            record(0, "k".repeat(63), "v".repeat(64)), record(0, "k".repeat(55), null), record(0, "k".repeat(57), null),
            record(0, null, "v".repeat(8191)), record(0, null, "v".repeat(8192))));
        emit("timestamps: backwards, far apart, before 1970", built(none, 0, -1, (short) -1, -1, false,
            record(0, "a", "1"), record(-1, "b", "2"), record(-NOW, "c", "3"), record(1L << 31, "d", "4"),
            record(1L << 40, "e", "5"), record(63, "f", "6"), record(64, "g", "7"), record(-NOW - 1, "h", "8")));
        emit("no timestamp", built(none, 0, -1, (short) -1, -1, false, new SimpleRecord(-1L, bytes("k"), bytes("v"))));
        SimpleRecord[] many = new SimpleRecord[200];
        for (int i = 0; i < many.length; i++) many[i] = record(i, "" + i, "value " + i);
        emit("many records", built(none, 0, -1, (short) -1, -1, false, many));
        emit("idempotent", built(none, 0, 4001, (short) 3, 77, false, record(0, "a", "1"), record(1, "b", "2")));
        emit("idempotent, large numbers", built(none, 0, (1L << 53) - 1, Short.MAX_VALUE, Integer.MAX_VALUE, false, record(0, "a", "1")));
        emit("transactional", built(none, 0, 9, (short) 0, 0, true, record(0, "a", "1"), record(1, "b", "2")));
        emit("far into the log", built(none, (1L << 40) + 5, -1, (short) -1, -1, false, record(0, "a", "1"), record(1, "b", "2")));

        SimpleRecord[] some = java.util.Arrays.copyOf(many, 50);
        emit("gzip", built(Compression.gzip().build(), 10, -1, (short) -1, -1, false, some));
        emit("snappy", built(Compression.snappy().build(), 10, -1, (short) -1, -1, false, some));
        emit("lz4", built(Compression.lz4().build(), 10, -1, (short) -1, -1, false, some));
        emit("zstd", built(Compression.zstd().build(), 10, -1, (short) -1, -1, false, some));

        emit("commit marker", marker(5, ControlRecordType.COMMIT));
        emit("abort marker", marker(5, ControlRecordType.ABORT));
        emit("a transaction with its marker, then plain records", joined(
            built(none, 0, 9, (short) 0, 0, true, record(0, "a", "1"), record(1, "b", "2")), marker(2, ControlRecordType.COMMIT),
            built(none, 3, -1, (short) -1, -1, false, record(2, "c", "3"))));
        emit("plain and gzip in turn", joined(
            built(none, 0, -1, (short) -1, -1, false, record(0, "a", "1")), built(none, 1, -1, (short) -1, -1, false, record(1, "b", "2")),
            built(Compression.gzip().build(), 2, -1, (short) -1, -1, false, record(2, "c", "3")),
            built(none, 3, -1, (short) -1, -1, false, record(3, "d", "4"))));

        emit("log append time", appended(none));
        emit("log append time, gzip", appended(Compression.gzip().build()));
        emit("compacted: gaps within and between", compacted(true));
        emit("compacted: a batch without records", compacted(false));
        emit("delete horizon", tombstones());
        emit("magic 0", legacy(RecordBatch.MAGIC_VALUE_V0));
        emit("magic 1", legacy(RecordBatch.MAGIC_VALUE_V1));
        System.out.println(out.append("\n]"));
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static Header header(String key, String value) {
        return new RecordHeader(key, bytes(value));
    }

    static SimpleRecord record(long later, String key, String value) {
        return new SimpleRecord(NOW + later, bytes(key), bytes(value));
    }

    static MemoryRecords built(Compression compression, long baseOffset, long producerId, short epoch, int sequence,
            boolean transactional, SimpleRecord... records) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 16), RecordBatch.MAGIC_VALUE_V2, compression,
            TimestampType.CREATE_TIME, baseOffset, RecordBatch.NO_TIMESTAMP, producerId, epoch, sequence, transactional,
            RecordBatch.NO_PARTITION_LEADER_EPOCH);
        for (SimpleRecord record : records) builder.append(record);
        return builder.build();
    }

    static MemoryRecords marker(long offset, ControlRecordType type) {
        return MemoryRecords.withEndTransactionMarker(offset, NOW, 7, 9, (short) 0, new EndTransactionMarker(type, 12));
    }

    static MemoryRecords appended(Compression compression) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 16), RecordBatch.MAGIC_VALUE_V2, compression,
            TimestampType.LOG_APPEND_TIME, 20, NOW + 12345, -1, (short) -1, -1, false, 4);
        for (int i = 0; i < 3; i++) builder.append(record(i, "k" + i, "v" + i));
        return builder.build();
    }

    static MemoryRecords legacy(byte magic) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 16), magic, Compression.NONE,
            TimestampType.CREATE_TIME, 100, 0);
        builder.append(record(0, "key", "value"));
        return builder.build();
    }

    static MemoryRecords joined(MemoryRecords... parts) {
        ByteBuffer all = ByteBuffer.allocate(1 << 16);
        for (MemoryRecords part : parts) all.put(part.buffer().duplicate());
        return MemoryRecords.readableRecords(all.flip());
    }

    static MemoryRecords filtered(MemoryRecords records, boolean emptyFirst) {
        ByteBuffer kept = ByteBuffer.allocate(1 << 16);
        records.filterTo(new MemoryRecords.RecordFilter(NOW, 60000) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                return new BatchRetentionResult(MemoryRecords.RecordFilter.BatchRetention.RETAIN_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                return emptyFirst && batch.baseOffset() < 10 ? false : record.offset() % 3 == 1;
            }
        }, kept, BufferSupplier.NO_CACHING);
        return MemoryRecords.readableRecords(kept.flip());
    }

    static MemoryRecords compacted(boolean gaps) {
        SimpleRecord[] ten = new SimpleRecord[10];
        for (int i = 0; i < ten.length; i++) ten[i] = record(i, "k" + i, "v" + i);
        return filtered(joined(built(Compression.NONE, 0, 9, (short) 1, 30, false, ten), built(Compression.NONE, 15, -1, (short) -1, -1, false, ten)), !gaps);
    }

    static MemoryRecords tombstones() {
        return filtered(built(Compression.NONE, 0, -1, (short) -1, -1, false,
            record(0, "a", "1"), record(1, "b", null), record(2, "c", "3"), record(3, "d", null), record(500, "e", null)), false);
    }

    static String base64(ByteBuffer buffer) {
        if (buffer == null) return "null";
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return '"' + Base64.getEncoder().encodeToString(copy) + '"';
    }

    static void emit(String name, MemoryRecords records) {
        List<String> batches = new ArrayList<>();
        List<String> contents = new ArrayList<>();
        long nextOffset = 0;
        for (MutableRecordBatch batch : records.batches()) {
            nextOffset = batch.nextOffset();
            if (batch.magic() < RecordBatch.MAGIC_VALUE_V2) continue;
            batch.ensureValid();
            batches.add(String.format("[%d,%d,%d,%d,%d,%d,%d,%d,%b,%b,\"%s\",\"%s\",%s,%d]", batch.baseOffset(), batch.sizeInBytes(),
                batch.partitionLeaderEpoch(), batch.lastOffset(), batch.maxTimestamp(), batch.producerId(), batch.producerEpoch(),
                batch.baseSequence(), batch.isTransactional(), batch.isControlBatch(), batch.compressionType().name,
                batch.timestampType().name, batch.deleteHorizonMs().isPresent() ? batch.deleteHorizonMs().getAsLong() : "null",
                batch.checksum()));
            if (batch.isControlBatch()) continue;
            for (Record record : batch) {
                List<String> headers = new ArrayList<>();
                for (Header header : record.headers()) {
                    ByteBuffer value = header.value() == null ? null : ByteBuffer.wrap(header.value());
                    headers.add("[" + base64(ByteBuffer.wrap(bytes(header.key()))) + "," + base64(value) + "]");
                }
                contents.add(String.format("[%d,%d,%s,%s,[%s]]", record.offset(), record.timestamp(), base64(record.key()),
                    base64(record.value()), String.join(",", headers)));
            }
        }
        out.append(out.length() == 1 ? "\n" : ",\n").append("{\"name\":\"").append(name).append("\",\"nextOffset\":").append(nextOffset)
            .append(",\n\"bytes\":").append(base64(records.buffer())).append(",\n\"batches\":[").append(String.join(",", batches))
            .append("],\n\"records\":[").append(String.join(",", contents)).append("]}");
    }
}
