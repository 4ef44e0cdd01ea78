import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/**
 * Prints test/golden/murmur2.json: what Kafka's own murmur2 and partitioner say of many keys. Made by `node test/golden/make.ts murmur2`.
 *
 * Most keys are not printed: they are made from a linear congruential generator, which the test repeats. Of these there are the hashes
 * (base64 of int32) and the partition of each among one of COUNTS in turn (base64 of int16).
 */
public class Murmur2Vectors {
    static final int SEED = 20261122;
    /** Binary keys: so many of each length up to the greatest, and one of each of the long ones. */
    static final int MAX_LENGTH = 600;
    static final int KEYS_PER_LENGTH = 5;
    static final int[] LONG_LENGTHS = {1021, 1022, 1023, 1024, 4096, 65_537};
    /** Texts: the n-th has n / 4 code points. */
    static final int TEXTS = 2400;
    /** From and up to, for code points of one, two, three and four bytes in UTF-8; the fifth kind is any of them. */
    static final int[][] RANGES = {{0, 0x80}, {0x80, 0x800}, {0x800, 0xd800}, {0x10000, 0x110000}};
    static final int[] COUNTS = {1, 2, 3, 6, 7, 50, 64, 1000, 32_767};
    static int state = SEED;

    static int next() {
        state = state * 1664525 + 1013904223;
        return state >>> 8;
    }

    static byte[] nextKey(int length) {
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) key[i] = (byte) (next() >>> 16);
        return key;
    }

    static String nextText(int n) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n / 4; i++) {
            int kind = n % 5 < 4 ? n % 5 : next() % 4;
            int[] range = RANGES[kind];
            text.appendCodePoint(range[0] + next() % (range[1] - range[0]));
        }
        return text.toString();
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    static String summary(List<byte[]> keys) {
        ByteBuffer hashes = ByteBuffer.allocate(keys.size() * 4);
        ByteBuffer partitions = ByteBuffer.allocate(keys.size() * 2);
        for (int i = 0; i < keys.size(); i++) {
            hashes.putInt(Utils.murmur2(keys.get(i)));
            partitions.putShort((short) BuiltInPartitioner.partitionForKey(keys.get(i), COUNTS[i % COUNTS.length]));
        }
        Base64.Encoder base64 = Base64.getEncoder();
        return "{\"hashes\": \"" + base64.encodeToString(hashes.array()) + "\",\n\"partitions\": \""
            + base64.encodeToString(partitions.array()) + "\"}";
    }

    static String join(int[] numbers) {
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < numbers.length; i++) out.append(i == 0 ? "" : ", ").append(numbers[i]);
        return out.append(']').toString();
    }

    public static void main(String[] args) {
        StringBuilder out = new StringBuilder();
        out.append("{\n\"seed\": ").append(SEED).append(", \"maxLength\": ").append(MAX_LENGTH);
        out.append(", \"keysPerLength\": ").append(KEYS_PER_LENGTH).append(", \"longLengths\": ").append(join(LONG_LENGTHS));
        out.append(", \"texts\": ").append(TEXTS).append(", \"counts\": ").append(join(COUNTS));

        List<byte[]> binary = new ArrayList<>();
        for (int length = 0; length <= MAX_LENGTH; length++) {
            for (int i = 0; i < KEYS_PER_LENGTH; i++) binary.add(nextKey(length));
        }
        for (int length : LONG_LENGTHS) binary.add(nextKey(length));
        out.append(",\n\"binary\": ").append(summary(binary));

        List<byte[]> texts = new ArrayList<>();
        for (int n = 0; n < TEXTS; n++) texts.add(nextText(n).getBytes(StandardCharsets.UTF_8));
        out.append(",\n\"text\": ").append(summary(texts));

        out.append(",\n\"named\": [");
        String[] named = {"", "a", "ab", "abc", "abcd", "21", "foobar", "user-12345", "a-little-bit-long-string",
            "a-little-bit-longer-string", "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", "\u00e4", "\u00e4\u00f6\u00fc\u00df",
            "stra\u00dfe", "na\u00efve caf\u00e9", "\u4f60\u597d", "\u4f60\u597d\uff0c\u4e16\u754c", "\ud83d\ude00", "a\ud83d\ude00b",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67", "\u0000", "a\u0000b", "\u007f\u0080\u07ff\u0800\uffff",
            "\u20ac".repeat(21), "\u20ac".repeat(22), "x".repeat(16), "x".repeat(17), "x".repeat(511), "x".repeat(512),
            "x".repeat(513)};
        for (int i = 0; i < named.length; i++) {
            byte[] bytes = named[i].getBytes(StandardCharsets.UTF_8);
            out.append(i == 0 ? "\n" : ",\n").append('[').append(quoted(named[i])).append(',').append(Utils.murmur2(bytes));
            for (int partitions : COUNTS) out.append(',').append(BuiltInPartitioner.partitionForKey(bytes, partitions));
            out.append(']');
        }

        // Half a character is no text. Java writes a question mark for it, others U+FFFD: the hash of both.
        out.append("\n],\n\"halves\": [");
        String[] halves = {"\ud83d", "\ude00", "a\ud83d", "\ude00b", "\ude00\ud83d", "\ud83d\ud83d\ude00", "x".repeat(600) + "\ud83d"};
        for (int i = 0; i < halves.length; i++) {
            StringBuilder replaced = new StringBuilder();
            halves[i].codePoints().forEach(c -> replaced.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 0xfffd : c));
            out.append(i == 0 ? "\n" : ",\n").append('[').append(quoted(halves[i]));
            out.append(',').append(Utils.murmur2(replaced.toString().getBytes(StandardCharsets.UTF_8)));
            out.append(',').append(Utils.murmur2(halves[i].getBytes(StandardCharsets.UTF_8))).append(']');
        }
        System.out.println(out.append("\n]\n}"));
    }
}
