import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/**
 * Prints test/golden/murmur2.json: what Kafka's own murmur2 says of many keys.
 *
 * mvn dependency:copy -Dartifact=org.apache.kafka:kafka-clients:4.3.1 -DoutputDirectory=libs
 * java -cp 'libs/*' test/golden/java/Murmur2Vectors.java > test/golden/murmur2.json
 *
 * The binary keys are not printed: bytes of a linear congruential generator, which the test repeats.
 */
public class Murmur2Vectors {
    static final int MAX_LENGTH = 80;
    static final int KEYS_PER_LENGTH = 40;
    static final int SEED = 20261122;
    static int state = SEED;

    static byte[] nextKey(int length) {
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) {
            state = state * 1664525 + 1013904223;
            key[i] = (byte) (state >>> 24);
        }
        return key;
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    public static void main(String[] args) {
        StringBuilder out = new StringBuilder();
        out.append("{\n\"seed\": ").append(SEED).append(", \"maxLength\": ").append(MAX_LENGTH);
        out.append(", \"keysPerLength\": ").append(KEYS_PER_LENGTH).append(",\n\"binary\": [");
        for (int length = 0; length <= MAX_LENGTH; length++) {
            out.append(length == 0 ? "\n" : ",\n");
            for (int i = 0; i < KEYS_PER_LENGTH; i++) {
                out.append(i == 0 ? "" : ",").append(Utils.murmur2(nextKey(length)));
            }
        }
        out.append("\n],\n\"text\": [");
        String[] bases = {"", "a", "ab", "abc", "abcd", "21", "foobar", "user-12345", "a-little-bit-long-string",
            "a-little-bit-longer-string", "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", "\u00e4", "\u00e4\u00f6\u00fc\u00df",
            "stra\u00dfe", "na\u00efve caf\u00e9", "\u4f60\u597d", "\u4f60\u597d\uff0c\u4e16\u754c", "\ud83d\ude00", "a\ud83d\ude00b",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67", "\u0000", "a\u0000b", "\u007f\u0080\u07ff\u0800\uffff",
            "\u20ac".repeat(21), "\u20ac".repeat(22), "x".repeat(16), "x".repeat(17), "x".repeat(511), "x".repeat(512),
            "x".repeat(513), "\u20ac".repeat(512), "\u20ac".repeat(513), "0123456789".repeat(200)};
        for (int i = 0; i < bases.length; i++) {
            byte[] bytes = bases[i].getBytes(StandardCharsets.UTF_8);
            out.append(i == 0 ? "\n" : ",\n").append('[').append(quoted(bases[i])).append(',').append(Utils.murmur2(bytes));
            for (int partitions : new int[] {1, 2, 3, 6, 7, 64, 1000}) {
                out.append(',').append(BuiltInPartitioner.partitionForKey(bytes, partitions));
            }
            out.append(']');
        }
        System.out.println(out.append("\n]\n}"));
    }
}
