package io.cryptofeed.connect.local.venue.scripted;

import io.cryptofeed.connect.local.venue.ClientSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * Sends messages to one client and counts them, because some venues number the messages of a
 * connection. Owned by the venue's thread.
 */
public final class NumberedSender {

  /** Stands in a message for its number within the connection, which starts at 0. */
  public static final String NUMBER = "#number#";

  private final ClientSocket socket;
  private final boolean gzips;
  private long messages;

  NumberedSender(ClientSocket socket, boolean gzips) {
    this.socket = socket;
    this.gzips = gzips;
  }

  void send(String text) {
    sendUnnumbered(text.replace(NUMBER, Long.toString(messages++)));
  }

  /** Sends a message that has no number. */
  void sendUnnumbered(String numbered) {
    if (gzips) {
      socket.send(gzipped(numbered), true);
    } else {
      socket.send(numbered);
    }
  }

  /** Counts a message that is lost. */
  void skip() {
    messages++;
  }

  private static byte[] gzipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
