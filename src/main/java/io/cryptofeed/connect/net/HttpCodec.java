package io.cryptofeed.connect.net;

import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;

/** HTTP/1.1 as exchanges, and the networks in front of them, speak it. */
final class HttpCodec {

  /** Cookies and security policies of a content network can be long. */
  private static final int MAX_HEADER_BYTES = 64 << 10;

  private HttpCodec() {}

  static HttpClientCodec client() {
    return new HttpClientCodec(
        new HttpDecoderConfig().setMaxHeaderSize(MAX_HEADER_BYTES),
        HttpClientCodec.DEFAULT_PARSE_HTTP_AFTER_CONNECT_REQUEST,
        HttpClientCodec.DEFAULT_FAIL_ON_MISSING_RESPONSE);
  }
}
