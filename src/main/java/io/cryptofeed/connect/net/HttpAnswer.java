package io.cryptofeed.connect.net;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an exchange answered to a request.
 *
 * @param status the HTTP status, 200 or any other
 * @param headers names in lower case; the values of a repeated header are joined by commas
 * @param body decompressed; not copied, so it must not be changed
 * @param receiveNs when the answer was complete, nanoseconds since the epoch
 */
@SuppressWarnings("ArrayRecordComponent") // read once by the parser, compared by nobody
public record HttpAnswer(int status, Map<String, String> headers, byte[] body, long receiveNs) {

  /**
   * How long the exchange asks us to wait before the next request.
   *
   * @param nowEpochMs the present, milliseconds since the epoch
   * @return never negative, at most a week; empty when the exchange does not ask
   */
  public Optional<Duration> retryAfter(long nowEpochMs) {
    return RetryAfter.parse(headers.get("retry-after"), nowEpochMs);
  }
}
