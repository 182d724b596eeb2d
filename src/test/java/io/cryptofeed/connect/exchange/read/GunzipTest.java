package io.cryptofeed.connect.exchange.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GunzipTest {

  private final Gunzip inflater = new Gunzip();

  @AfterEach
  void close() {
    inflater.close();
  }

  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    return packed.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String inflate(byte[] packed) throws MalformedMessageException {
    int length = inflater.inflate(packed, 0, packed.length);
    return new String(inflater.output(), 0, length, StandardCharsets.UTF_8);
  }

  private void refuses(byte[] packed, String message) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> inflate(packed))
        .withMessageContaining(message);
  }

  @Test
  void unpacks_one_message_after_the_other_whatever_their_lengths() throws Exception {
    for (int length : new int[] {0, 1, 100, 100_000, 3, 70_000}) {
      String text = "x".repeat(length) + "é";
      assertThat(inflate(packed(bytes(text)))).isEqualTo(text);
    }
  }

  @Test
  void unpacks_out_of_the_middle_of_a_buffer() throws Exception {
    byte[] packed = packed(bytes("{\"ping\":1}"));
    byte[] buffer = new byte[packed.length + 20];
    System.arraycopy(packed, 0, buffer, 7, packed.length);

    int length = inflater.inflate(buffer, 7, packed.length);

    assertThat(new String(inflater.output(), 0, length, StandardCharsets.UTF_8))
        .isEqualTo("{\"ping\":1}");
  }

  /** RFC 1952: a name, a comment, an extra field and a checksum of the header may come first. */
  @Test
  void passes_over_what_a_header_may_hold() throws Exception {
    byte[] plain = packed(bytes("{}"));
    ByteArrayOutputStream rich = new ByteArrayOutputStream();
    rich.write(plain, 0, 3);
    rich.write(2 | 4 | 8 | 16);
    rich.write(plain, 4, 6);
    rich.write(new byte[] {3, 0, 1, 2, 3});
    rich.write(bytes("name\0comment\0"));
    rich.write(new byte[] {9, 9});
    rich.write(plain, 10, plain.length - 10);

    assertThat(inflate(rich.toByteArray())).isEqualTo("{}");
  }

  @Test
  void knows_a_packed_message_by_its_first_bytes() {
    assertThat(Gunzip.isCompressed(new byte[] {0x1f, (byte) 0x8b, 8}, 0, 3)).isTrue();
    assertThat(Gunzip.isCompressed(new byte[] {0x1f}, 0, 1)).isFalse();
    assertThat(Gunzip.isCompressed(bytes("{}"), 0, 2)).isFalse();
  }

  @Test
  void rejects_an_incomplete_damaged_or_too_long_message() throws Exception {
    byte[] packed = packed(bytes("{\"a\":\"" + "b".repeat(500) + "\"}"));
    for (int length = 2; length < packed.length; length++) {
      refuses(Arrays.copyOf(packed, length), "a compressed message is");
    }
    byte[] longer = Arrays.copyOf(packed, packed.length + 1);
    refuses(longer, "damaged");
    byte[] wrongSum = packed.clone();
    wrongSum[packed.length - 8] ^= 1;
    refuses(wrongSum, "damaged");
    refuses(packed(new byte[17 << 20]), "more than 16 MiB");
    assertThat(inflate(packed(bytes("{}")))).isEqualTo("{}");
  }

  @Test
  void never_fails_otherwise_however_bytes_are_changed() throws Exception {
    Random random = new Random(5);
    byte[] packed = packed(bytes("{\"ch\":\"market.btcusdt.bbo\",\"tick\":{\"bid\":1.5}}"));
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = packed.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        changed[2 + random.nextInt(changed.length - 2)] = (byte) random.nextInt(256);
      }
      try {
        inflater.inflate(changed, 0, changed.length);
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageContaining("a compressed message");
      }
    }
  }
}
