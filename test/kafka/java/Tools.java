import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's command line tools one after the other in this one process, which saves a start of the JVM for each. Each line of the
 * input is a main class and its arguments, with tabs between; for each, a line is printed with its exit code and, in base64, what it printed.
 */
public class Tools {
    private static final class Ended extends Error {
        private Ended() {
            super("the tool has ended", null, false, false);
        }
    }

    /** The first code that the running tool wanted to end with; some catch what stops them and then want another. */
    private static Integer ended;

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        Exit.setExitProcedure((code, message) -> {
            if (ended == null) ended = code;
            throw new Ended();
        });
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            int code = run(line.split("\t", -1));
            System.out.flush();
            out.println(code + " " + Base64.getEncoder().encodeToString(printed.toByteArray()));
            out.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    private static int run(String[] command) throws Exception {
        String[] args = Arrays.copyOfRange(command, 1, command.length);
        ended = null;
        try {
            Class.forName(command[0]).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (ended == null) System.out.println(e.getCause());
            if (ended == null) return 1;
        }
        return ended == null ? 0 : ended;
    }
}
