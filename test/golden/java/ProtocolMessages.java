import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.ControlRecordTypeSchema;
import org.apache.kafka.common.message.DefaultPrincipalData;
import org.apache.kafka.common.message.EndTxnMarker;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Prints what test/golden/protocol.jsonl.gz holds: every message of the protocol in every version as Kafka's own classes write it, one
 * JSON object a line. Made by `node test/golden/make.ts`.
 *
 * A line is one of
 * {m, v, mode, json, hex}: the message, its version, how it was filled, its values as Kafka prints them, its bytes;
 * {m, v, path, value, refused}: a field that the version lacks, set to a value; whether Kafka's classes refuse to write it;
 * {api, key, v, request, response}: the bytes of an API's headers, with correlation id 305419896 and client id "client".
 *
 * The modes: `default` as constructed; `bare` with one element in each array of structs and nothing else; `full` with two elements in
 * each array and some value in each field; `nulls` as `full` but null where that is allowed; `unknown` as `full` but with tagged
 * fields that nobody knows.
 */
public class ProtocolMessages {
    static final String[] WORDS = {"orders", "", "schl\u00fcssel \ud83d\ude00", "client-1", "a"};
    static final HexFormat HEX = HexFormat.of();

    enum Mode { DEFAULT, BARE, NULLS, FULL, UNKNOWN }

    /** The same for every version, so that the lines look alike. */
    static Random random;

    public static void main(String[] args) throws Exception {
        for (ApiMessageType api : ApiMessageType.values()) {
            if (api.lowestSupportedVersion() > api.highestSupportedVersion(true)) continue;
            emitMessage(api.newRequest().getClass());
            emitMessage(api.newResponse().getClass());
            for (short v = api.lowestSupportedVersion(); v <= api.highestSupportedVersion(false); v++) emitHeaders(api, v);
        }
        for (Class<?> type : List.of(RequestHeaderData.class, ResponseHeaderData.class, ConsumerProtocolAssignment.class,
            ConsumerProtocolSubscription.class, ControlRecordTypeSchema.class, DefaultPrincipalData.class, EndTxnMarker.class,
            KRaftVersionRecord.class, LeaderChangeMessage.class,
            SnapshotFooterRecord.class, SnapshotHeaderRecord.class, VotersRecord.class)) emitMessage(type);
    }

    static void emitHeaders(ApiMessageType api, short v) {
        short requestVersion = api.requestHeaderVersion(v);
        short responseVersion = api.responseHeaderVersion(v);
        RequestHeaderData request = new RequestHeaderData().setRequestApiKey(api.apiKey()).setRequestApiVersion(v)
            .setCorrelationId(0x12345678).setClientId("client");
        ResponseHeaderData response = new ResponseHeaderData().setCorrelationId(0x12345678);
        System.out.println("{\"api\":\"" + api.newRequest().getClass().getSimpleName().replace("RequestData", "") + "\",\"key\":"
            + api.apiKey() + ",\"v\":" + v + ",\"request\":\"" + hex(request, requestVersion)
            + "\",\"response\":\"" + hex(response, responseVersion) + "\"}");
    }

    static void emitMessage(Class<?> type) throws Exception {
        Schema[] schemas = (Schema[]) type.getField("SCHEMAS").get(null);
        String name = type.getSimpleName().replaceAll("(Request|Response|Header)Data$", "$1");
        for (short v = 0; v < schemas.length; v++) {
            if (schemas[v] == null) continue;
            for (Mode mode : Mode.values()) {
                Message message = create(type, schemas[v], mode);
                System.out.println("{\"m\":\"" + name + "\",\"v\":" + v + ",\"mode\":\"" + mode.name().toLowerCase() + "\",\"json\":"
                    + json(message, v) + ",\"hex\":\"" + hex(message, v) + "\"}");
            }
            emitAbsent(name, type, schemas[v], v, type, schemas[v], new ArrayList<>());
        }
    }

    /** Tries each field that the schema lacks, in the bare message, at the end of the path. */
    static void emitAbsent(String name, Class<?> root, Schema rootSchema, short v, Class<?> type, Schema schema, List<String> path)
        throws Exception {
        for (java.lang.reflect.Field field : fieldsOf(type)) {
            List<String> here = new ArrayList<>(path);
            here.add(field.getName());
            Field known = find(schema, field.getName());
            if (known != null) {
                if (structOf(known.type) == null) continue;
                Class<?> inner = known.type.isArray() ? elementClass(field) : field.getType();
                emitAbsent(name, root, rootSchema, v, inner, structOf(known.type), here);
                continue;
            }
            Message message = create(root, rootSchema, Mode.BARE);
            Object target = message;
            for (String step : path) {
                java.lang.reflect.Field inner = target.getClass().getDeclaredField(step);
                inner.setAccessible(true);
                Object next = inner.get(target);
                if (next == null) inner.set(target, next = construct(inner.getType()));
                target = next instanceof Collection ? ((Collection<?>) next).iterator().next() : next;
            }
            Object before = field.get(target);
            String value = other(field, before, target);
            boolean refused = false;
            try {
                hex(message, v);
            } catch (UnsupportedVersionException e) {
                refused = true;
            }
            System.out.println("{\"m\":\"" + name + "\",\"v\":" + v + ",\"path\":\"" + String.join(".", here) + "\",\"value\":"
                + value + ",\"refused\":" + refused + "}");
        }
    }

    /** Sets a field to something that is not its default; returns that as JSON. */
    @SuppressWarnings("unchecked")
    static String other(java.lang.reflect.Field field, Object before, Object target) throws Exception {
        Class<?> type = field.getType();
        if (type == boolean.class) {
            field.set(target, !(Boolean) before);
            return String.valueOf(!(Boolean) before);
        }
        if (type == byte.class) field.set(target, (byte) 7);
        else if (type == short.class) field.set(target, (short) 7);
        else if (type == int.class) field.set(target, 7);
        else if (type == long.class) field.set(target, 7L);
        if (type.isPrimitive()) return "7";
        if (type == String.class) {
            field.set(target, "x");
            return "\"x\"";
        }
        if (type == Uuid.class) {
            Uuid uuid = new Uuid(1, 2);
            field.set(target, uuid);
            return "\"" + uuid + "\"";
        }
        if (Collection.class.isAssignableFrom(type)) {
            Collection<Object> list = type == List.class ? new ArrayList<>() : (Collection<Object>) construct(type);
            Class<?> element = elementClass(field);
            boolean isStruct = Message.class.isAssignableFrom(element);
            list.add(element == Integer.class ? (Object) 7 : element == String.class ? "x" : element == Short.class ? (Object) (short) 7
                : element == Byte.class ? (Object) (byte) 7 : element == Uuid.class ? new Uuid(1, 2) : construct(element));
            field.set(target, list);
            return isStruct ? "[{}]" : element == String.class ? "[\"x\"]" : element == Uuid.class ? "[\"" + new Uuid(1, 2) + "\"]" : "[7]";
        }
        if (Message.class.isAssignableFrom(type)) {
            Object struct = construct(type);
            java.lang.reflect.Field first = fieldsOf(type).get(0);
            String inner = other(first, first.get(struct), struct);
            field.set(target, struct);
            return "{\"" + first.getName() + "\":" + inner + "}";
        }
        throw new IllegalStateException(field.toString());
    }

    static Message create(Class<?> type, Schema schema, Mode mode) throws Exception {
        random = new Random(type.getSimpleName().hashCode());
        Object message = construct(type);
        fill(message, schema, mode);
        return (Message) message;
    }

    static Object construct(Class<?> type) throws Exception {
        return type.getConstructor().newInstance();
    }

    static List<java.lang.reflect.Field> fieldsOf(Class<?> type) {
        List<java.lang.reflect.Field> fields = new ArrayList<>();
        for (java.lang.reflect.Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getName().equals("_unknownTaggedFields")) continue;
            // what a hashed collection needs of its elements
            if (field.getName().equals("next") || field.getName().equals("prev")) continue;
            field.setAccessible(true);
            fields.add(field);
        }
        return fields;
    }

    /** Schemas have snake_case names. */
    static Field find(Schema schema, String name) {
        for (var bound : schema.fields()) {
            if (bound.def.type instanceof TaggedFields) {
                for (Field tagged : ((TaggedFields) bound.def.type).fields().values()) if (isCalled(tagged, name)) return tagged;
            } else if (isCalled(bound.def, name)) return bound.def;
        }
        return null;
    }

    static boolean isCalled(Field field, String name) {
        return field.name.replace("_", "").equalsIgnoreCase(name);
    }

    static Schema structOf(Type type) {
        Type inner = type.isArray() ? type.arrayElementType().get() : type;
        return inner instanceof Schema ? (Schema) inner : null;
    }

    @SuppressWarnings("unchecked")
    static void fill(Object struct, Schema schema, Mode mode) throws Exception {
        boolean flexible = Arrays.stream(schema.fields()).anyMatch(bound -> bound.def.type instanceof TaggedFields);
        if (mode == Mode.UNKNOWN && flexible) {
            // numbers that no version has
            List<RawTaggedField> unknown = ((Message) struct).unknownTaggedFields();
            unknown.add(new RawTaggedField(1000, new byte[] {1, 2, 3}));
            unknown.add(new RawTaggedField(1_000_000, new byte[0]));
        }
        for (java.lang.reflect.Field field : fieldsOf(struct.getClass())) {
            int seed = field.getName().hashCode() + random.nextInt();
            Field known = find(schema, field.getName());
            if (known == null || mode == Mode.DEFAULT) continue;
            Random outer = random;
            random = new Random(seed);
            Object value = valueOf(field, known.type, mode);
            if (value != KEEP) field.set(struct, value);
            random = outer;
        }
    }

    static final Object KEEP = new Object();

    @SuppressWarnings("unchecked")
    static Object valueOf(java.lang.reflect.Field field, Type type, Mode mode) throws Exception {
        Schema struct = structOf(type);
        boolean nullable = type.isNullable();
        if (mode == Mode.NULLS && nullable) return null;
        if (type.isArray()) {
            if (mode == Mode.BARE && struct == null) return KEEP;
            Collection<Object> list = field.getType() == List.class ? new ArrayList<>() : (Collection<Object>) construct(field.getType());
            for (int i = 0; i < (mode == Mode.BARE ? 1 : 2); i++) {
                if (struct == null) {
                    list.add(scalar(elementClass(field), type.arrayElementType().get()));
                    continue;
                }
                Object element = construct(elementClass(field));
                fill(element, struct, mode);
                list.add(element);
            }
            return list;
        }
        if (struct != null) {
            if (mode == Mode.BARE && field.getType() != null && nullable) return KEEP;
            Object inner = construct(field.getType());
            fill(inner, struct, mode);
            return inner;
        }
        // there is no default for the records of a fetch that could be written
        if (mode == Mode.BARE) return BaseRecords.class.isAssignableFrom(field.getType()) && !nullable ? scalar(field.getType(), type) : KEEP;
        return scalar(field.getType(), type);
    }

    static Class<?> elementClass(java.lang.reflect.Field field) {
        var type = field.getGenericType() instanceof ParameterizedType ? field.getGenericType() : field.getType().getGenericSuperclass();
        return (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    static Object scalar(Class<?> type, Type wire) {
        int pick = random.nextInt(4);
        if (type == boolean.class) return true;
        if (type == byte.class || type == Byte.class) return (byte) new int[] {1, 127, -128, 55}[pick];
        if (type == short.class || type == Short.class) return (short) new int[] {1, 32767, -32768, 258}[pick];
        if (type == int.class && wire.toString().equals("UINT16")) return new int[] {1, 65535, 9092, 32768}[pick];
        if (type == int.class || type == Integer.class) return new int[] {1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x01020304}[pick];
        if (type == long.class && wire.toString().equals("UINT32")) return new long[] {1, 0xffffffffL, 0x80000000L, 7}[pick];
        if (type == long.class || type == Long.class) return new long[] {1, (1L << 53) - 1, 1 - (1L << 53), -4294967297L}[pick];
        if (type == double.class) return new double[] {0.5, -1e300, 3, 1.25}[pick];
        if (type == Uuid.class) return new Uuid(random.nextLong() >> 32, pick - 1);
        if (type == String.class) return WORDS[random.nextInt(WORDS.length)];
        byte[] bytes = new byte[new int[] {0, 1, 5, 130}[pick]];
        Arrays.fill(bytes, (byte) (pick - 128));
        if (type == byte[].class) return bytes;
        if (type == ByteBuffer.class) return ByteBuffer.wrap(bytes);
        if (BaseRecords.class.isAssignableFrom(type)) return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
        throw new IllegalStateException(type + " " + wire);
    }

    static String hex(Message message, short v) {
        ByteBufferAccessor accessor = MessageUtil.toByteBufferAccessor(message, v);
        byte[] bytes = new byte[accessor.buffer().remaining()];
        accessor.buffer().get(bytes);
        return HEX.formatHex(bytes);
    }

    static JsonNode json(Message message, short v) throws Exception {
        Class<?> converter = Class.forName(message.getClass().getName() + "JsonConverter");
        return (JsonNode) converter.getMethod("write", message.getClass(), short.class).invoke(null, message, v);
    }
}
