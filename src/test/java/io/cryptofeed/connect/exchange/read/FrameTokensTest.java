package io.cryptofeed.connect.exchange.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the readers rely on in the tokeniser. The positions of tokens are no advertised interface of
 * Jackson's, so these tests are what notices when a new version counts otherwise.
 */
class FrameTokensTest {

  private final FrameTokens tokens = new FrameTokens();

  private List<String> scalars(byte[] buffer, int offset, int length) throws IOException {
    List<String> scalars = new ArrayList<>();
    int depth = 1;
    tokens.open(buffer, offset, length);
    while (depth > 0) {
      JsonToken token = tokens.next();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token.isScalarValue()) {
        int at = tokens.position();
        scalars.add(
            new String(buffer, at, Math.min(4, offset + length - at), StandardCharsets.UTF_8));
      }
    }
    tokens.close();
    return scalars;
  }

  private List<String> scalars(String message) throws IOException {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    return scalars(bytes, 0, bytes.length);
  }

  @Test
  void a_scalar_is_found_at_its_first_byte_and_a_string_at_its_quote() throws IOException {
    assertThat(
            scalars(
                "{\"a\": \"text\" ,\"b\":-12.5,\"c\":1e-8,\"d\":true,\"e\":[null,  false,\"\\u0041\","
                    + "0.5, 7777] }"))
        .containsExactly("\"tex", "-12.", "1e-8", "true", "null", "fals", "\"\\u0", "0.5,", "7777");
  }

  @Test
  void positions_are_those_of_the_buffer_in_every_frame() throws IOException {
    byte[] message = "{\"é\":\"é\",\"b\":[123,\"4567\"]}\n".getBytes(StandardCharsets.UTF_8);
    for (int frame = 0; frame < 100; frame++) {
      byte[] buffer = new byte[frame + message.length + 10];
      Arrays.fill(buffer, (byte) '9');
      System.arraycopy(message, 0, buffer, frame, message.length);

      assertThat(scalars(buffer, frame, message.length)).containsExactly("\"é\"", "123,", "\"456");
    }
  }

  @Test
  void positions_are_right_after_an_error_and_after_many_frames() throws IOException {
    for (int frame = 0; frame < 70_000; frame++) {
      scalars("{\"a\":1234}");
    }
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> scalars("{\"a\":12}}"));
    tokens.discard();

    assertThat(scalars(" {\"a\":1234}")).containsExactly("1234");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":\"x",
        "{\"a\":[1,2}",
        "{\"a\":1}}",
        "{\"a\":1}]",
        "{\"a\":1} 1",
        "{\"a\":1}1",
        "{\"a\":1} \"x",
        "{\"a\":1} tru",
        "{\"a\":1}{}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":5.}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00g0\"}",
        "{\"a\":1 /* x */}",
        "1",
        "\"a\"",
        "true",
        "pong"
      })
  void a_message_that_is_not_one_object_or_array_is_malformed(String message) {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> scalars(message));
  }

  @Test
  void nesting_is_limited() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> scalars("[".repeat(65) + "]".repeat(65)));
  }

  @Test
  void the_length_of_a_number_is_limited() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> scalars("[" + "9".repeat(101) + "]"));
  }

  @Test
  void the_end_of_input_inside_a_skipped_value_is_an_error() throws IOException {
    byte[] message = "{\"a\":[1,2".getBytes(StandardCharsets.UTF_8);
    tokens.open(message, 0, message.length);
    tokens.nextName();
    tokens.next();

    assertThatExceptionOfType(IOException.class).isThrownBy(tokens::skip);
  }
}
