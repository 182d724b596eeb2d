package io.cryptofeed.connect.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Chooses the TCP ports on which the processes of the stack listen. */
public final class LoopbackPort {

  /** A port is chosen only once, even if no process listens there yet. */
  private static final Set<Integer> GIVEN = new HashSet<>();

  private LoopbackPort() {}

  /**
   * The port that a system property names, or a free one if it is not set.
   *
   * @throws IllegalArgumentException if the property is not a port
   */
  public static int of(String property) {
    String text = System.getProperty(property, "").trim();
    if (text.isEmpty()) {
      return free();
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw new IllegalArgumentException(
        "-D"
            + property
            + "="
            + text
            + " is not a port: give a number from 1 to 65535, or leave it out");
  }

  /** A port on which nothing listens. */
  public static synchronized int free() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("no free TCP port on the loopback interface", e);
      }
    }
  }
}
