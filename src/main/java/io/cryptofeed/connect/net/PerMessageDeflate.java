package io.cryptofeed.connect.net;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What was agreed about the compression of messages (RFC 7692). We only ever decompress: what we
 * send is short, and a sender may leave any message uncompressed, so the parameters that concern
 * the client's side are accepted and have no effect.
 */
enum PerMessageDeflate {
  /** No message is compressed. */
  OFF,
  /** A message may refer to the text of earlier ones. */
  SHARED_CONTEXT,
  /** Each message is compressed on its own. */
  FRESH_CONTEXT;

  /** What browsers offer, and so what servers are tried with. */
  static final String OFFER = "permessage-deflate; client_max_window_bits";

  private static final String NAME = "permessage-deflate";

  /**
   * Reads the server's answer.
   *
   * @param extensions the {@code Sec-WebSocket-Extensions} headers of the answer
   * @throws IOException when the server chose what was not offered
   */
  static PerMessageDeflate agreed(boolean offered, List<String> extensions) throws IOException {
    String answer = String.join(",", extensions).strip().toLowerCase(Locale.ROOT);
    if (answer.isEmpty()) {
      return OFF;
    }
    List<String> parts = Pattern.compile("\\s*;\\s*").splitAsStream(answer).toList();
    if (!offered || !parts.get(0).equals(NAME)) {
      throw new IOException("it chose the extension '" + answer + "', which was not offered");
    }
    PerMessageDeflate mode = SHARED_CONTEXT;
    for (String parameter : parts.subList(1, parts.size())) {
      if (parameter.equals("server_no_context_takeover")) {
        mode = FRESH_CONTEXT;
      } else if (!isHarmless(parameter)) {
        throw new IOException(
            "it chose '" + parameter + "' for permessage-deflate, which was not offered");
      }
    }
    return mode;
  }

  private static boolean isHarmless(String parameter) {
    // Our window has the full 15 bits, in which any smaller one fits.
    return parameter.equals("client_no_context_takeover")
        || parameter.matches("(client|server)_max_window_bits\\s*=\\s*\"?(8|9|1[0-5])\"?");
  }
}
