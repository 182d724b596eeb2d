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
 * What one task streams: some exchanges, each with some of its symbols. The task's configuration
 * holds it as text: {@code binance=BTC-USDT,ETH-USDT;coinbase=BTC-USD}.
 *
 * @param exchanges at least one, each with at least one symbol
 */
public record TaskPlan(List<ExchangeConfig> exchanges) {

  /** The key of the plan in a task's configuration. */
  public static final String KEY = "task.plan";

  /** The key of the task's index within the connector, from 0, in a task's configuration. */
  public static final String INDEX_KEY = "task.index";

  /** An estimate: only the running task learns which symbols a pattern stands for. */
  private static final int SYMBOLS_OF_PATTERN = 100;

  private static final Comparator<Load> LIGHTEST_FIRST =
      Comparator.comparingInt(Load::weight).thenComparingInt(Load::index);

  public TaskPlan {
    exchanges = List.copyOf(exchanges);
  }

  /**
   * Distributes exchanges over tasks. With fewer tasks than exchanges, exchanges share a task; with
   * more tasks, the symbols of the largest exchanges are divided. Every symbol of an exchange is in
   * exactly one task, no task is empty, and the same input always results in the same plans.
   *
   * @param maxTasks at least 1
   * @return at most {@code maxTasks} plans
   */
  public static List<TaskPlan> divide(List<ExchangeConfig> exchanges, int maxTasks) {
    return maxTasks < exchanges.size() ? share(exchanges, maxTasks) : split(exchanges, maxTasks);
  }

  /**
   * Parses the result of {@link #toString}.
   *
   * @throws ConfigException when it names an exchange that is not configured
   */
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
                    "does not name a configured exchange: remove this key, the connector sets it itself"));
  }

  /** Assigns the heaviest exchange first, each to the task with the smallest load. */
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

  /** Adds one task at a time, to the exchange whose tasks have the largest load. */
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

  /** Plain symbols are divided; each part takes its share of the symbols of a pattern. */
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

  /** The number of symbols, estimated for patterns. */
  private static int symbols(ExchangeConfig exchange) {
    return exchange.symbols().stream()
        .mapToInt(symbol -> SymbolPattern.isPattern(symbol) ? SYMBOLS_OF_PATTERN : 1)
        .sum();
  }

  /** The exchanges of one task while they are assigned. */
  private record Load(int index, List<ExchangeConfig> exchanges) {

    void add(ExchangeConfig exchange) {
      exchanges.add(exchange);
    }

    int weight() {
      return exchanges.stream().mapToInt(TaskPlan::weight).sum();
    }
  }
}
