package compare;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * Driver of the comparison: the AggregatorUtil of the Kinesis Client Library, one call for each
 * Kinesis record. The argument is a u32le archive; README.md beside run.sh has the protocol.
 */
public final class Driver {
  /** Takes one user record. */
  private interface Visitor {
    void visit(KinesisClientRecord user) throws IOException;
  }

  private final AggregatorUtil util = new AggregatorUtil();
  private final List<KinesisClientRecord> records = new ArrayList<>();
  private final long bytes;
  private long touched; // keeps the compiler from leaving out what run looks at

  private Driver(Path archive) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(archive)).order(ByteOrder.LITTLE_ENDIAN);
    bytes = content.capacity();
    while (content.hasRemaining()) {
      int length = content.getInt();
      records.add(
          KinesisClientRecord.builder()
              .data(content.slice(content.position(), length))
              .partitionKey("a")
              .sequenceNumber("0")
              .build());
      content.position(content.position() + length);
    }
  }

  private void forEachUserRecord(Visitor visitor) throws IOException {
    for (KinesisClientRecord record : records) {
      record.data().rewind(); // the library leaves the position where it stopped reading
      for (KinesisClientRecord user : util.deaggregate(List.of(record))) {
        if (!user.aggregated()) {
          throw new IOException("a record did not verify");
        }
        visitor.visit(user);
      }
    }
  }

  private String run() throws IOException {
    long begun = System.nanoTime();
    long[] counts = new long[2];
    forEachUserRecord(
        user -> {
          counts[0] += 1;
          counts[1] += user.partitionKey().length() + user.data().remaining();
        });
    double seconds = (System.nanoTime() - begun) / 1e9;
    touched = counts[1];
    return String.format(
        Locale.ROOT,
        "{\"seconds\":%.9f,\"user_records\":%d,\"bytes\":%d}",
        seconds,
        counts[0],
        bytes);
  }

  /** Writes every user record in the canonical encoding. */
  private String dump(String path) throws IOException {
    long[] count = new long[1];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(path)), 1 << 20)) {
      forEachUserRecord(
          user -> {
            count[0] += 1;
            out.write(encode(user));
          });
    }
    return String.format("{\"user_records\":%d}", count[0]);
  }

  private static byte[] encode(KinesisClientRecord user) {
    byte[] key = user.partitionKey().getBytes(StandardCharsets.UTF_8);
    boolean hashed = user.explicitHashKey() != null;
    byte[] hashKey =
        hashed ? user.explicitHashKey().getBytes(StandardCharsets.UTF_8) : new byte[0];
    ByteBuffer data = user.data().duplicate();
    return ByteBuffer.allocate(24 + key.length + hashKey.length + data.remaining())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(key.length + 1L)
        .putLong(hashed ? hashKey.length + 1L : 0L)
        .putLong(data.remaining() + 1L)
        .put(key)
        .put(hashKey)
        .put(data)
        .array();
  }

  /** The version that the jar's name tells; the library's manifest has none. */
  private static String versionOf(Class<?> loaded) {
    String jar = loaded.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.replaceAll(".*/", "").replaceAll("\\.jar$", "");
  }

  private static void serve(Driver driver) throws IOException {
    System.out.printf(
        "{\"ready\":true,\"versions\":{\"kcl\":\"%s\",\"protobuf\":\"%s\",\"java\":\"%s\"}}%n",
        versionOf(AggregatorUtil.class),
        versionOf(com.google.protobuf.Message.class),
        Runtime.version());
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("run")) {
        System.out.println(driver.run());
      } else if (line.startsWith("dump ")) {
        System.out.println(driver.dump(line.substring("dump ".length())));
      } else {
        throw new IOException("unknown command: " + line);
      }
    }
  }

  public static void main(String[] arguments) {
    try {
      serve(new Driver(Path.of(arguments[0])));
    } catch (Exception | Error error) {
      String text = String.valueOf(error).replaceAll("[\\\\\"\\p{Cntrl}]", "'");
      System.out.println("{\"error\":\"" + text + "\"}");
      System.exit(3);
    }
  }
}
