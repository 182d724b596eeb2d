package io.cryptofeed.connect.local.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A WebSocket client that gives every frame unchanged, because other clients hide them. It does not
 * respond to pings, and accepts compressed messages.
 */
public final class RawWebSocket implements AutoCloseable {

  private static final int TIMEOUT_MS = 20_000;
  private static final byte[] END_OF_MESSAGE = {0, 0, (byte) 0xff, (byte) 0xff};

  private final Socket socket;
  private final DataInputStream in;
  private final String answer;
  private final Inflater inflater = new Inflater(true);

  /**
   * A frame.
   *
   * @param opcode 1 text, 8 close, 9 ping
   */
  public record Frame(int opcode, boolean compressed, ByteBuffer payload) {
    public String text() {
      return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }
  }

  private RawWebSocket(Socket socket, String handshake) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MS);
    socket
        .getOutputStream()
        .write(handshake.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    in = new DataInputStream(socket.getInputStream());
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
    }
    answer = head.toString();
    assertThat(answer).startsWith("HTTP/1.1 101");
  }

  /**
   * Connects.
   *
   * @param extensions the offered extensions, empty for none
   */
  public static RawWebSocket connect(VenueServer venue, String path, String extensions)
      throws IOException {
    String handshake =
        """
        GET %s HTTP/1.1
        Host: localhost
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        %s
        """
            .formatted(
                path, extensions.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\n");
    return new RawWebSocket(new Socket(InetAddress.getLoopbackAddress(), venue.port()), handshake);
  }

  /** The head of the response to the handshake. */
  String answer() {
    return answer;
  }

  /** Sends a text of at most 125 bytes, masked with zeros. */
  void send(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    assertThat(payload).hasSizeLessThanOrEqualTo(125);
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 6);
    frame.put((byte) 0x81).put((byte) (0x80 | payload.length)).putInt(0);
    socket.getOutputStream().write(frame.put(payload).array());
  }

  /** The next frame, decompressed if it was compressed. */
  public Frame next() throws IOException, DataFormatException {
    int head = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[Math.toIntExact(length)];
    in.readFully(payload);
    boolean compressed = (head & 0x40) != 0;
    return new Frame(
        head & 0xf, compressed, ByteBuffer.wrap(compressed ? inflate(payload) : payload));
  }

  private byte[] inflate(byte[] payload) throws DataFormatException {
    ByteBuffer whole = ByteBuffer.allocate(payload.length + END_OF_MESSAGE.length);
    inflater.setInput(whole.put(payload).put(END_OF_MESSAGE).array());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[4_096];
    for (int count = inflater.inflate(piece); count > 0; count = inflater.inflate(piece)) {
      out.write(piece, 0, count);
    }
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    socket.close();
  }
}
