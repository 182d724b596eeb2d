package io.cryptofeed.connect.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageReaderTest {

  private static final int MIB = 1 << 20;

  private final MessageReader reader = new MessageReader(16 * MIB, PerMessageDeflate.OFF);

  @Test
  void shows_a_message_in_one_frame_without_a_copy() throws Exception {
    byte[] memory = "..{\"e\":\"trade\"}..".getBytes(UTF_8);
    ByteBuf frame = Unpooled.wrappedBuffer(memory, 1, memory.length - 3).skipBytes(1);

    assertThat(reader.read(new TextWebSocketFrame(frame))).isTrue();

    assertThat(reader.array()).isSameAs(memory);
    assertThat(reader.offset()).isEqualTo(2);
    assertThat(shown()).isEqualTo("{\"e\":\"trade\"}");
  }

  @Test
  void copies_a_message_out_of_direct_memory() throws Exception {
    ByteBuf direct = Unpooled.directBuffer().writeBytes("hello".getBytes(UTF_8));
    TextWebSocketFrame frame = new TextWebSocketFrame(direct);

    assertThat(reader.read(frame)).isTrue();
    assertThat(shown()).isEqualTo("hello");
    frame.release();
  }

  @Test
  void shows_nothing_before_the_last_fragment() throws Exception {
    assertThat(reader.read(new TextWebSocketFrame(false, 0, "a"))).isFalse();
    assertThat(reader.read(new ContinuationWebSocketFrame(false, 0, "b"))).isFalse();
    assertThat(reader.read(new ContinuationWebSocketFrame(true, 0, "c"))).isTrue();
    assertThat(shown()).isEqualTo("abc");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
  void decompresses_messages_whose_blocks_are_each_the_last_of_a_stream(PerMessageDeflate mode)
      throws Exception {
    MessageReader inflating = new MessageReader(16 * MIB, mode);
    Random random = new Random(5);
    byte[] context = {};
    for (int i = 0; i < 200; i++) {
      byte[] message = new byte[random.nextInt(2_000)];
      for (int at = 0; at < message.length; at++) {
        message[at] = (byte) ('a' + random.nextInt(3));
      }
      ByteBuf payload = Unpooled.buffer();
      int half = message.length / 2;
      payload.writeBytes(lastBlock(context, Arrays.copyOf(message, half)));
      byte[] sofar = mode == PerMessageDeflate.SHARED_CONTEXT ? context : new byte[0];
      sofar = joined(sofar, Arrays.copyOf(message, half));
      payload.writeBytes(lastBlock(sofar, Arrays.copyOfRange(message, half, message.length)));
      // The empty block whose last four bytes a sender leaves off (RFC 7692, 7.2.3.4).
      payload.writeByte(0);
      if (mode == PerMessageDeflate.SHARED_CONTEXT) {
        context = joined(context, message);
      }

      assertThat(inflating.read(new TextWebSocketFrame(true, 0b100, payload))).isTrue();
      assertThat(
              Arrays.copyOfRange(
                  inflating.array(), inflating.offset(), inflating.offset() + inflating.length()))
          .isEqualTo(message);
      inflating.release();
    }
    inflating.close();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return Arrays.copyOfRange(both, Math.max(0, both.length - (1 << 15)), both.length);
  }

  private static ByteBuf lastBlock(byte[] context, byte[] part) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    if (context.length > 0) {
      deflater.setDictionary(context);
    }
    deflater.setInput(part);
    deflater.finish();
    byte[] out = new byte[8 << 10];
    int count = deflater.deflate(out);
    deflater.end();
    return Unpooled.wrappedBuffer(out, 0, count);
  }

  @Test
  void keeps_its_array_for_small_messages_and_releases_a_large_one() throws Exception {
    byte[] small = join(10);
    assertThat(join(1_000)).isSameAs(small);

    byte[] large = join(2 * MIB);
    assertThat(join(10)).isNotSameAs(large).hasSizeLessThan(MIB);
  }

  private byte[] join(int size) throws Exception {
    byte[] message = new byte[size];
    Arrays.fill(message, (byte) 'x');
    reader.read(new TextWebSocketFrame(false, 0, Unpooled.wrappedBuffer(message)));
    reader.read(new ContinuationWebSocketFrame(true, 0, Unpooled.EMPTY_BUFFER));
    assertThat(reader.length()).isEqualTo(size);
    byte[] array = reader.array();
    reader.release();
    return array;
  }

  private String shown() {
    return new String(reader.array(), reader.offset(), reader.length(), UTF_8);
  }
}
