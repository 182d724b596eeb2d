package io.cryptofeed.connect.task;

import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.market.SymbolPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;

/**
 * What one task streams: some exchanges, each with some of its symbols. Written into the task's
 * configuration as text: {@code binance=BTC-USDT,ETH-USDT;coinbase=BTC-USD}.
 *
 * @param exchanges at least one, each with at least one symbol
 */
public record TaskPlan(List<ExchangeConfig> exchanges) {

  /** The key of a task's configuration that holds its plan. */
  public static final String KEY = "task.plan";

  /** The key of a task's configuration that holds its number within the connector. */
  public static final String INDEX_KEY = "task.index";

  /** What a pattern stands for is not known before the exchange is asked. */
  private static final int SYMBOLS_OF_PATTERN = 100;

  private static final Comparator<Load> LIGHTEST_FIRST =
      Comparator.comparingInt(Load::weight).thenComparingInt(Load::index);

  public TaskPlan {
    exchanges = List.copyOf(exchanges);
  }

  /**
   * Spreads exchanges over tasks: with fewer tasks than exchanges, exchanges share a task; with
   * more, the symbols of the largest are split. Every symbol of an exchange is in exactly one task,
   * no task is empty, and the same input always gives the same plans.
   *
   * @param maxTasks at least 1
   * @return at most {@code maxTasks} plans
   */
  public static List<TaskPlan> divide(List<ExchangeConfig> exchanges, int maxTasks) {
    return maxTasks < exchanges.size() ? share(exchanges, maxTasks) : split(exchanges, maxTasks);
  }

  /** Reads what {@link #toString} wrote, for these exchanges. */
  static TaskPlan parse(String text, List<ExchangeConfig> configured) {
    return new TaskPlan(
        Arrays.stream(text.split(";")).map(part -> parsePart(part, configured)).toList());
  }

  @Override
  public String toString() {
    return exchanges.stream()
        .map(exchange -> exchange.id() + '=' + String.join(",", exchange.symbols()))
        .collect(Collectors.joining(";"));
  }

  private static ExchangeConfig parsePart(String part, List<ExchangeConfig> configured) {
    int equals = part.indexOf('=');
    return configured.stream()
        .filter(exchange -> equals > 0 && exchange.id().equals(part.substring(0, equals)))
        .findFirst()
        .map(exchange -> exchange.withSymbols(List.of(part.substring(equals + 1).split(","))))
        .orElseThrow(
            () ->
                new ConfigException(
                    KEY,
                    part,
                    "names no configured exchange; the connector writes this key itself"));
  }

  /** The heaviest exchange first, each to the task that has least to do. */
  private static List<TaskPlan> share(List<ExchangeConfig> exchanges, int tasks) {
    List<Load> loads = new ArrayList<>();
    for (int index = 0; index < tasks; index++) {
      loads.add(new Load(index, new ArrayList<>()));
    }
    exchanges.stream()
        .sorted(Comparator.comparingInt(TaskPlan::weight).reversed())
        .forEach(exchange -> loads.stream().min(LIGHTEST_FIRST).orElseThrow().add(exchange));
    return loads.stream().map(load -> new TaskPlan(load.exchanges)).toList();
  }

  /** One more task at a time, to the exchange whose tasks have most to do. */
  private static List<TaskPlan> split(List<ExchangeConfig> exchanges, int maxTasks) {
    int[] parts = new int[exchanges.size()];
    Arrays.fill(parts, 1);
    for (int tasks = exchanges.size(); tasks < maxTasks; tasks++) {
      int heaviest = -1;
      for (int i = 0; i < parts.length; i++) {
        boolean divisible = parts[i] < symbols(exchanges.get(i));
        if (divisible && (heaviest < 0 || isHeavier(exchanges, parts, i, heaviest))) {
          heaviest = i;
        }
      }
      if (heaviest < 0) {
        break;
      }
      parts[heaviest]++;
    }
    List<TaskPlan> plans = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      for (int part = 0; part < parts[i]; part++) {
        plans.add(new TaskPlan(List.of(slice(exchanges.get(i), part, parts[i]))));
      }
    }
    return plans;
  }

  private static boolean isHeavier(List<ExchangeConfig> exchanges, int[] parts, int a, int b) {
    return (long) weight(exchanges.get(a)) * parts[b] > (long) weight(exchanges.get(b)) * parts[a];
  }

  /** Plain symbols are dealt out, and each part takes its share of what a pattern stands for. */
  private static ExchangeConfig slice(ExchangeConfig exchange, int part, int parts) {
    List<String> plain =
        exchange.symbols().stream().filter(symbol -> !SymbolPattern.isPattern(symbol)).toList();
    int from = (int) ((long) plain.size() * part / parts);
    int to = (int) ((long) plain.size() * (part + 1) / parts);
    List<String> symbols = new ArrayList<>(plain.subList(from, to));
    for (String symbol : exchange.symbols()) {
      if (SymbolPattern.isPattern(symbol)) {
        symbols.add(SymbolPattern.parse(symbol).shared(part, parts).toString());
      }
    }
    return exchange.withSymbols(symbols);
  }

  private static int weight(ExchangeConfig exchange) {
    return symbols(exchange) * exchange.channels().size();
  }

  /** How many symbols there are, or may be. */
  private static int symbols(ExchangeConfig exchange) {
    return exchange.symbols().stream()
        .mapToInt(symbol -> SymbolPattern.isPattern(symbol) ? SYMBOLS_OF_PATTERN : 1)
        .sum();
  }

  /** A task while exchanges are given out. */
  private record Load(int index, List<ExchangeConfig> exchanges) {

    void add(ExchangeConfig exchange) {
      exchanges.add(exchange);
    }

    int weight() {
      return exchanges.stream().mapToInt(TaskPlan::weight).sum();
    }
  }
}
