package io.cryptofeed.connect.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** Answers the first bytes of every connection with given ones, and closes it. Loopback only. */
public final class ByteServer implements AutoCloseable {

  private final ServerSocket listening;
  private volatile byte[] reply = {};

  public ByteServer() throws IOException {
    listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "fuzz-byte-server");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** What connections are answered with from now on. */
  public void reply(byte[] bytes) {
    reply = bytes;
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept()) {
        InputStream in = client.getInputStream();
        if (in.read(new byte[4_096]) > 0) {
          client.getOutputStream().write(reply);
          client.shutdownOutput();
          client.setSoTimeout(1_000);
          in.transferTo(OutputStream.nullOutputStream());
        }
      } catch (IOException e) {
        // The client has hung up, or the server is closed.
      }
    }
  }

  /** A byte for each number, for protocols that are not text. */
  public static String text(int... bytes) {
    StringBuilder text = new StringBuilder();
    IntStream.of(bytes).forEach(b -> text.append((char) b));
    return text.toString();
  }

  /** A reply of one byte for each character below 256. */
  public static byte[] latin(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
