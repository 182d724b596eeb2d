package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.net.HttpAnswer;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.HttpRequestParts;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * {@code fetch} for a script: requests use the route of the exchange; redirects are not followed.
 */
final class HostFetch {

  /** CCXT itself has a timeout of 10 s; this one is for requests that bypass it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Duration PARKED_WITHOUT_RETRY_AFTER = Duration.ofMinutes(1);

  private final ScriptContext script;
  private final String exchange;
  private final HttpClient http;
  private final RequestGate gate;

  /** Names and values; an array of a script may have any length without having an element. */
  private static final int MAX_HEADER_TEXTS = 1_000;

  private final Set<Request> pending = new HashSet<>();

  HostFetch(ScriptContext script, String exchange, HttpClient http, RequestGate gate) {
    this.script = script;
    this.exchange = exchange;
    this.http = http;
    this.gate = gate;
    script.atEnd(() -> List.copyOf(pending).forEach(Request::cancel));
  }

  /**
   * Arguments: method, URL, headers as a flat list, body as text, a function that takes the
   * response (status, reason phrase, headers as a flat list, text, a function that returns the
   * bytes), and a function that takes the reason why there is no response. Returns a function that
   * cancels.
   */
  @Nullable Object fetch(Value... arguments) {
    if (pending.size() >= script.limits().requests()) {
      script.condemn("the script has more than " + script.limits().requests() + " requests open");
      return null;
    }
    Request request = new Request(arguments[4], arguments[5]);
    try {
      request.start(
          new HttpRequestParts(
              arguments[0].asString(),
              URI.create(arguments[1].asString()),
              pairs(arguments[2]),
              arguments[3].asString().getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      request.fail("invalid request: " + e.getMessage());
    }
    return (ProxyExecutable)
        nothing -> {
          request.cancel();
          return null;
        };
  }

  /** A map from a flat list of names and values. */
  static Map<String, String> pairs(Value flat) {
    Map<String, String> pairs = new HashMap<>();
    long size = flat.getArraySize();
    if (size > MAX_HEADER_TEXTS) {
      throw new IllegalArgumentException("a request has " + size / 2 + " headers");
    }
    for (long i = 0; i + 1 < size; i += 2) {
      pairs.put(flat.getArrayElement(i).asString(), flat.getArrayElement(i + 1).asString());
    }
    return pairs;
  }

  private final class Request {

    private final Value onResponse;
    private final Value onFailure;
    private @Nullable Future<?> running;
    private boolean done;

    Request(Value onResponse, Value onFailure) {
      this.onResponse = onResponse;
      this.onFailure = onFailure;
      pending.add(this);
    }

    void start(HttpRequestParts parts) {
      long wait = gate.reserve(parts.uri(), Transport.REST);
      if (wait > 0) {
        running = script.loop().schedule(() -> send(parts), wait, TimeUnit.NANOSECONDS);
      } else {
        send(parts);
      }
    }

    private void send(HttpRequestParts parts) {
      if (done) {
        return;
      }
      Future<HttpAnswer> answer =
          http.send(script.loop(), exchange, parts, 1, TIMEOUT, script.limits().answerBytes());
      running = answer;
      answer.addListener((Future<HttpAnswer> end) -> ended(parts.uri(), end));
    }

    private void ended(URI uri, Future<HttpAnswer> end) {
      if (!end.isSuccess()) {
        fail(String.valueOf(end.cause().getMessage()));
        return;
      }
      HttpAnswer answer = end.getNow();
      String text;
      try {
        text = StrictUtf8.decode(answer.body(), 0, answer.body().length);
      } catch (CharacterCodingException e) {
        fail("the response is not valid UTF-8");
        return;
      }
      if (finish()) {
        pauseIfAsked(uri, answer);
        script.turn("a REST response", () -> pass(answer, text));
      }
    }

    /** CCXT makes an error of such a response, but does not stop its other requests. */
    private void pauseIfAsked(URI uri, HttpAnswer answer) {
      if (answer.status() == 429 || answer.status() == 418) {
        gate.park(
            uri,
            Transport.REST,
            answer.retryAfter(EpochClock.nowNs() / 1_000_000).orElse(PARKED_WITHOUT_RETRY_AFTER));
      }
    }

    private void pass(HttpAnswer answer, String text) {
      List<Object> headers = new ArrayList<>();
      answer
          .headers()
          .forEach(
              (name, value) -> {
                headers.add(name);
                headers.add(value);
              });
      onResponse.executeVoid(
          answer.status(),
          HttpResponseStatus.valueOf(answer.status()).reasonPhrase(),
          ProxyArray.fromList(headers),
          text,
          (ProxyExecutable) nothing -> ByteBuffer.wrap(answer.body()));
    }

    void fail(String reason) {
      if (finish()) {
        script.turn("a failed REST request", () -> onFailure.executeVoid(reason));
      }
    }

    void cancel() {
      if (finish() && running != null) {
        running.cancel(false);
      }
    }

    private boolean finish() {
      boolean first = !done;
      done = true;
      pending.remove(this);
      return first;
    }
  }
}
