package io.cryptofeed.connect.local.quickstart;

import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import java.io.Console;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints a {@link MarketView} at an interval: in a terminal every second, each time over the last
 * one; elsewhere every five seconds, as a new block. For one thread.
 */
final class Dashboard {

  private static final long TERMINAL_INTERVAL_NS = 1_000_000_000L;
  private static final long PLAIN_INTERVAL_NS = 5_000_000_000L;
  private static final double NS_PER_SECOND = 1e9;
  private static final double NS_PER_MS = 1e6;
  private static final double BYTES_PER_MB = 1e6;

  private final PrintStream out;
  private final boolean terminal;
  private final long startNs = System.nanoTime();
  private long lastNs = startNs;
  private Map<String, Long> lastRecords = Map.of();
  private int lines;

  Dashboard(PrintStream out, @Nullable Console console) {
    this.out = out;
    this.terminal = console != null;
  }

  /** Whether it is time to print again. */
  boolean isDue() {
    return System.nanoTime() - lastNs >= (terminal ? TERMINAL_INTERVAL_NS : PLAIN_INTERVAL_NS);
  }

  /**
   * Prints the current state.
   *
   * @param state the state of the connector that the worker reports
   */
  void print(MarketView view, LocalSocksProxy proxy, String state) {
    long nowNs = System.nanoTime();
    List<String> output = output(view, proxy, state, nowNs);
    if (terminal && lines > 0) {
      // Move up to the first line of the last output, and clear from there.
      out.printf("\033[%dA\033[J", lines);
    }
    output.forEach(out::println);
    out.flush();
    lines = output.size();
    lastNs = nowNs;
    lastRecords = view.records();
    view.latency().clear();
  }

  private List<String> output(MarketView view, LocalSocksProxy proxy, String state, long nowNs) {
    double seconds = (nowNs - lastNs) / NS_PER_SECOND;
    List<String> output = new ArrayList<>();
    output.add("");
    output.add(line("%.0f s  %s", (nowNs - startNs) / NS_PER_SECOND, state));
    output.add(line("  %-26s %12s %12s", "topic", "records", "per second"));
    view.records()
        .forEach(
            (topic, count) ->
                output.add(
                    line(
                        "  %-26s %,12d %,12.0f",
                        topic, count, (count - lastRecords.getOrDefault(topic, 0L)) / seconds)));
    output.add(line("  %-22s %-28s %11s %11s", "instrument", "last trade", "best bid", "best ask"));
    view.quotes()
        .forEach(
            (key, quote) ->
                output.add(
                    line(
                        "  %-22s %-28s %11s %11s",
                        key,
                        quote.lastTrade() == null ? "-" : quote.lastTrade(),
                        price(quote.bid()),
                        price(quote.ask()))));
    output.add(
        line(
            "  latency, exchange event to Kafka consumer: p50 %.1f ms, p99 %.1f ms",
            view.latency().quantile(0.5) / NS_PER_MS, view.latency().quantile(0.99) / NS_PER_MS));
    output.add(
        line(
            "  proxy: %d tunnels opened, %d open now, %.1f MB to the worker, %.1f MB from the worker",
            proxy.tunnelsOpened(),
            proxy.tunnelsOpen(),
            proxy.bytesToClients() / BYTES_PER_MB,
            proxy.bytesFromClients() / BYTES_PER_MB));
    return output;
  }

  private static String price(Map.@Nullable Entry<BigDecimal, BigDecimal> level) {
    return level == null ? "-" : MarketView.text(level.getKey());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
