package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.fuzz.Fuzz;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes of WebSocket connections, changed by chance: no message is longer than its limit. */
@Tag("fuzz")
class WebSocketFuzzTest {

  private static final int LIMIT = 64 << 10;

  @Test
  void a_connection_gives_messages_within_the_limit_or_ends() {
    Fuzz.run("websocket", 30, WebSocketFuzzTest::run);
  }

  private static void run(Random random) {
    PerMessageDeflate mode =
        PerMessageDeflate.values()[random.nextInt(PerMessageDeflate.values().length)];
    MessageReader reader = new MessageReader(LIMIT, mode);
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(false)
                    .allowExtensions(true)
                    .maxFramePayloadLength(LIMIT)
                    .closeOnProtocolViolation(false)
                    .withUTF8Validator(false)
                    .build()));
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes(random, mode)));
      for (Object each = channel.readInbound(); each != null; each = channel.readInbound()) {
        WebSocketFrame frame = (WebSocketFrame) each;
        try {
          if ((frame instanceof TextWebSocketFrame
                  || frame instanceof BinaryWebSocketFrame
                  || frame instanceof ContinuationWebSocketFrame)
              && reader.read(frame)) {
            assertThat(reader.length()).isBetween(0, LIMIT);
            reader.release();
          }
        } finally {
          frame.release();
        }
      }
    } catch (CodecException | MessageTooLargeException declared) {
      // Both end the connection with their reason.
      assertThat(declared.getMessage()).isNotBlank();
    } finally {
      try {
        channel.finishAndReleaseAll();
      } catch (CodecException atTheEnd) {
        assertThat(atTheEnd.getMessage()).isNotBlank();
      }
      reader.close();
    }
  }

  /** A few frames, sometimes with damage. */
  private static byte[] bytes(Random random, PerMessageDeflate mode) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int frames = 1 + random.nextInt(5); frames > 0; frames--) {
      byte[] payload = payload(random);
      boolean compressed = mode != PerMessageDeflate.OFF && random.nextBoolean();
      if (compressed) {
        payload = deflated(payload);
      }
      int opcode = random.nextInt(10) == 0 ? random.nextInt(16) : 1 + random.nextInt(2);
      boolean last = random.nextInt(6) > 0;
      all.write((last ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode);
      if (payload.length < 126) {
        all.write(payload.length);
      } else {
        all.write(126);
        all.write(payload.length >> 8);
        all.write(payload.length);
      }
      all.writeBytes(payload);
    }
    byte[] bytes = all.toByteArray();
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static byte[] payload(Random random) {
    String text = "{\"e\":\"trade\",\"p\":\"1\"}".repeat(1 + random.nextInt(40));
    return random.nextInt(10) == 0
        ? new byte[1 + random.nextInt(60_000)]
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] deflated(byte[] payload) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(payload);
    byte[] buffer = new byte[payload.length + 100];
    int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(buffer, Math.max(0, length - 4));
  }
}
