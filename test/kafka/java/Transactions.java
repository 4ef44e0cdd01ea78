import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Does with transactional producers of Apache's own what standard input says, one step a line: `begin P`, `send P TOPIC PARTITION VALUE`,
 * `flush P`, `commit P`, `abort P`. P becomes the end of the transactional id; a new process that begins with a P ends what an earlier one
 * left open under it. What is open at the end stays so until it times out. Arguments: the bootstrap servers, the start of the transactional
 * ids, then producer configs as name=value.
 */
public class Transactions {
    private final Map<String, KafkaProducer<String, String>> producers = new LinkedHashMap<>();
    private final Properties configs = new Properties();
    private final String prefix;

    Transactions(String[] args) {
        configs.put("bootstrap.servers", args[0]);
        prefix = args[1];
        configs.put("linger.ms", "5");
        for (int i = 2; i < args.length; i++) {
            int at = args[i].indexOf('=');
            configs.put(args[i].substring(0, at), args[i].substring(at + 1));
        }
    }

    private KafkaProducer<String, String> producer(String name) {
        return producers.computeIfAbsent(name, (key) -> {
            Properties own = new Properties();
            own.putAll(configs);
            own.put("transactional.id", prefix + key);
            KafkaProducer<String, String> made = new KafkaProducer<>(own, new StringSerializer(), new StringSerializer());
            made.initTransactions();
            return made;
        });
    }

    private void step(String[] words) {
        KafkaProducer<String, String> producer = producer(words[1]);
        switch (words[0]) {
            case "begin" -> producer.beginTransaction();
            case "send" -> producer.send(new ProducerRecord<>(words[2], Integer.parseInt(words[3]), null, words[4]));
            case "flush" -> producer.flush();
            case "commit" -> producer.commitTransaction();
            case "abort" -> producer.abortTransaction();
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    public static void main(String[] args) throws Exception {
        Transactions transactions = new Transactions(args);
        BufferedReader steps = new BufferedReader(new InputStreamReader(System.in));
        for (String line = steps.readLine(); line != null; line = steps.readLine()) {
            if (!line.isEmpty()) transactions.step(line.split(" "));
        }
        for (KafkaProducer<String, String> producer : transactions.producers.values()) producer.flush();
        System.out.println("done");
        // closing would abort what is to stay open
        Runtime.getRuntime().halt(0);
    }
}
