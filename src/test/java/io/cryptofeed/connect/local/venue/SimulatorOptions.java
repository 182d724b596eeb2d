package io.cryptofeed.connect.local.venue;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a simulated exchange.
 *
 * @param tls the server's certificate, null for {@code ws://} and {@code http://}
 * @param allowedPeer the peers that may connect; others are disconnected after they are accepted
 * @param symbols normalised symbols ({@code BTC-USDT}), empty for the venue's two default symbols
 * @param tradesPerSecond trades (fills) per second and instrument
 * @param bookChangesPerSecond changed price levels per second and instrument
 * @param bookInterval how long changes are collected into one message, null for the venue's own
 *     interval
 * @param depth the most price levels on each side of a book, at least 5
 * @param seed the same seed makes the same market
 * @param port 0 for any free port
 * @param keepHistory whether every trade and every changed level is stored; benchmarks turn it off
 * @param pingInterval how often the server pings, if the venue does
 * @param pongTimeout a client that does not respond to a ping for so long is disconnected
 * @param maxAge a connection of this age is closed, if the venue does so
 * @param subscribeTimeout a client that subscribes nothing for so long is disconnected, if the
 *     venue does so
 * @param fragmentBytes messages longer than this are sent as several frames
 * @param slowClientBytes a client with more than this in the server's buffer is disconnected
 */
public record SimulatorOptions(
    @Nullable SslContext tls,
    Predicate<InetSocketAddress> allowedPeer,
    List<String> symbols,
    double tradesPerSecond,
    double bookChangesPerSecond,
    @Nullable Duration bookInterval,
    int depth,
    long seed,
    int port,
    boolean keepHistory,
    Duration pingInterval,
    Duration pongTimeout,
    Duration maxAge,
    Duration subscribeTimeout,
    int fragmentBytes,
    int slowClientBytes) {

  /** Copies the symbols. */
  public SimulatorOptions {
    symbols = List.copyOf(symbols);
    if (depth < 5) {
      throw new IllegalArgumentException("depth " + depth + " is too small: use at least 5 levels");
    }
  }

  /** The default: two instruments, 20 trades and 100 changed levels per second each. */
  public static SimulatorOptions defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects options that differ from the defaults. */
  public static final class Builder {
    private @Nullable SslContext tls;
    private Predicate<InetSocketAddress> allowedPeer = peer -> true;
    private List<String> symbols = List.of();
    private double tradesPerSecond = 20;
    private double bookChangesPerSecond = 100;
    private @Nullable Duration bookInterval;
    private int depth = 50;
    private long seed = 1;
    private int port;
    private boolean keepHistory = true;
    private Duration pingInterval = Duration.ofSeconds(20);
    private Duration pongTimeout = Duration.ofSeconds(60);
    private Duration maxAge = Duration.ofHours(24);
    private Duration subscribeTimeout = Duration.ofSeconds(5);
    private int fragmentBytes = Integer.MAX_VALUE;
    private int slowClientBytes = 32 << 20;

    private Builder() {}

    public Builder tls(@Nullable SslContext value) {
      tls = value;
      return this;
    }

    public Builder allowedPeer(Predicate<InetSocketAddress> value) {
      allowedPeer = value;
      return this;
    }

    public Builder symbols(String... values) {
      symbols = List.of(values);
      return this;
    }

    public Builder tradesPerSecond(double value) {
      tradesPerSecond = value;
      return this;
    }

    public Builder bookChangesPerSecond(double value) {
      bookChangesPerSecond = value;
      return this;
    }

    public Builder bookInterval(Duration value) {
      bookInterval = value;
      return this;
    }

    public Builder depth(int value) {
      depth = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder keepHistory(boolean value) {
      keepHistory = value;
      return this;
    }

    public Builder pingInterval(Duration value) {
      pingInterval = value;
      return this;
    }

    public Builder pongTimeout(Duration value) {
      pongTimeout = value;
      return this;
    }

    public Builder maxAge(Duration value) {
      maxAge = value;
      return this;
    }

    public Builder subscribeTimeout(Duration value) {
      subscribeTimeout = value;
      return this;
    }

    public Builder fragmentBytes(int value) {
      fragmentBytes = value;
      return this;
    }

    public Builder slowClientBytes(int value) {
      slowClientBytes = value;
      return this;
    }

    public SimulatorOptions build() {
      return new SimulatorOptions(
          tls,
          allowedPeer,
          symbols,
          tradesPerSecond,
          bookChangesPerSecond,
          bookInterval,
          depth,
          seed,
          port,
          keepHistory,
          pingInterval,
          pongTimeout,
          maxAge,
          subscribeTimeout,
          fragmentBytes,
          slowClientBytes);
    }
  }
}
