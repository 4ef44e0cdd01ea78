import java.util.jar.JarFile;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/** Prints what the generator needs of the kafka-clients jar, one tab-separated line an item. */
public final class Definitions {
    public static void main(String[] args) throws Exception {
        try (JarFile jar = new JarFile(args[0])) {
            for (var entry : java.util.Collections.list(jar.entries())) {
                String name = entry.getName();
                if (!name.startsWith("common/message/") || !name.endsWith(".json")) continue;
                byte[] json = jar.getInputStream(entry).readAllBytes();
                System.out.println("message\t" + name + "\t" + java.util.Base64.getEncoder().encodeToString(json));
            }
        }
        for (Errors error : Errors.values()) {
            boolean retriable = error.exception() instanceof RetriableException;
            boolean invalidMetadata = error.exception() instanceof InvalidMetadataException;
            System.out.println("error\t" + error.code() + "\t" + error.name() + "\t" + retriable + "\t" + invalidMetadata);
        }
    }
}
