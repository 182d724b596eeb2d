package io.cryptofeed.connect.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

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
