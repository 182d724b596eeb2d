package io.cryptofeed.connect.net;

import io.cryptofeed.connect.text.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * Why a WebSocket connection ended.
 *
 * @param code the close code of RFC 6455; 1006 when the peer went without a close frame
 * @param text the peer's words, or ours when we closed
 * @param cause the I/O error, null when there was none
 */
public record CloseReason(int code, String text, @Nullable Throwable cause) {

  public CloseReason {
    text = UntrustedText.sanitised(text);
  }
}
