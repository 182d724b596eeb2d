package io.cryptofeed.connect.proxy.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Responses to {@code CONNECT}. Any 2xx opens the tunnel, and has no body (RFC 9110, 9.3.6); 1xx
 * are passed over; everything else is a refusal, whose body is of no interest.
 */
final class HttpReplies extends ProxyReplies {

  private static final int MAX_HEAD_BYTES = 64 << 10;
  private static final String PREFIX = "HTTP/";
  private static final int SWITCHING_PROTOCOLS = 101;

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/[0-9.]+[ \\t]+([0-9]{3})(?:[ \\t]+(.*?))?[ \\t]*");

  private static final String CHALLENGE = "proxy-authenticate:";

  /** How far the bytes were searched for the end of the head. */
  private int searched;

  @Override
  void read(ByteBuf in, List<Object> out) {
    while (in.isReadable() && isLineEnd(in.getByte(in.readerIndex()))) {
      in.skipBytes(1);
    }
    if (!isHttp(in)) {
      end();
      return;
    }
    int length = headLength(in);
    if (length > 0) {
      reply(in.readCharSequence(length, ISO_8859_1).toString(), out);
      searched = 0;
    } else if (in.readableBytes() > MAX_HEAD_BYTES) {
      throw new TooLongFrameException("a response head of more than " + MAX_HEAD_BYTES + " bytes");
    }
  }

  /** A proxy that refuses may close the connection within the head. */
  @Override
  protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (isHttp(in) && in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n') > 0) {
      reply(in.readCharSequence(in.readableBytes(), ISO_8859_1).toString(), out);
    }
  }

  private static boolean isLineEnd(byte b) {
    return b == '\r' || b == '\n';
  }

  private static boolean isHttp(ByteBuf in) {
    int known = Math.min(PREFIX.length(), in.readableBytes());
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFIX.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The length of the head with the empty line after it; 0 if it is not complete. */
  private int headLength(ByteBuf in) {
    int begin = in.readerIndex();
    for (int i = searched; i < in.readableBytes(); i++) {
      if (in.getByte(begin + i) == '\n' && i > 0) {
        byte before = in.getByte(begin + i - 1);
        if (before == '\n' || (before == '\r' && i > 1 && in.getByte(begin + i - 2) == '\n')) {
          return i + 1;
        }
      }
    }
    searched = in.readableBytes();
    return 0;
  }

  private void reply(String head, List<Object> out) {
    List<String> lines = head.lines().toList();
    Matcher status = STATUS_LINE.matcher(lines.get(0));
    if (!status.matches()) {
      out.add(bytes(head));
      end();
      return;
    }
    int code = Integer.parseInt(status.group(1));
    if (code < 200 && code != SWITCHING_PROTOCOLS) {
      return;
    }
    out.add(
        bytes(
            code < 300 && code >= 200
                ? "HTTP/1.1 200 OK\r\n\r\n"
                : refusal(code, status.group(2), lines)));
    end();
  }

  private static String refusal(int code, @Nullable String reason, List<String> lines) {
    String challenges =
        lines.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(CHALLENGE))
            .map(line -> line + "\r\n")
            .collect(Collectors.joining());
    return "HTTP/1.1 %d %s\r\n%sContent-Length: 0\r\n\r\n"
        .formatted(code, reason == null ? "" : reason, challenges);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
