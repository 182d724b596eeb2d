package io.cryptofeed.connect.ccxt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.graalvm.polyglot.Value;

/** Text to bytes and back, and random bytes, for a script. */
final class HostCodecs {

  /** The limit of the same function in browsers. */
  private static final int MAX_RANDOM_BYTES = 65_536;

  private static final SecureRandom RANDOM = new SecureRandom();

  private HostCodecs() {}

  static Object encodeUtf8(Value... arguments) {
    return ByteBuffer.wrap(arguments[0].asString().getBytes(StandardCharsets.UTF_8));
  }

  static Object decodeUtf8(Value... arguments) {
    return new String(bytes(arguments[0]), StandardCharsets.UTF_8);
  }

  static Object randomBytes(Value... arguments) {
    byte[] random = new byte[Math.min(MAX_RANDOM_BYTES, Math.max(0, arguments[0].asInt()))];
    RANDOM.nextBytes(random);
    return ByteBuffer.wrap(random);
  }

  private static byte[] bytes(Value buffer) {
    byte[] bytes = new byte[Math.toIntExact(buffer.getBufferSize())];
    buffer.readBuffer(0, bytes, 0, bytes.length);
    return bytes;
  }
}
