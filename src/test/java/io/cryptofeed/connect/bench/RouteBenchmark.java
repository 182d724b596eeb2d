package io.cryptofeed.connect.bench;

import io.cryptofeed.connect.proxy.pool.ConnectRequest;
import io.cryptofeed.connect.proxy.pool.Member;
import io.cryptofeed.connect.proxy.pool.Pick;
import io.cryptofeed.connect.proxy.pool.Pool;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.HostPattern;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.RegionalRule;
import io.cryptofeed.connect.proxy.settings.RegionalSettings;
import io.cryptofeed.connect.proxy.settings.Route;
import io.cryptofeed.connect.proxy.settings.Routing;
import io.cryptofeed.connect.proxy.settings.Section;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.Sticky;
import io.cryptofeed.connect.proxy.settings.Strategy;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Via;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

/**
 * What the proxy layer itself costs per connection, before the first byte is sent: the look-up of
 * the route, and the choice of a member of its pool. Less than a microsecond is the aim for both.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Xmx512m")
public class RouteBenchmark {

  private static final RunLength LENGTH = RunLength.configured(5, 3, Duration.ofSeconds(1));
  private static final int EXCHANGES = 40;
  private static final int SESSIONS = 64;

  /** A pool that has been in use: all that a choice looks at is there. */
  @State(Scope.Thread)
  public static class UsedPool {

    @Param({"1", "5"})
    public int members = 5;

    @Param({"round_robin", "latency", "adaptive"})
    public String strategy = "round_robin";

    @Param({"connection", "none"})
    public String sticky = "connection";

    private Pool pool = pool();
    private final ConnectRequest[] requests = new ConnectRequest[SESSIONS];
    private int next;

    private Pool pool() {
      List<MemberSettings> proxies = new ArrayList<>();
      for (int i = 0; i < members; i++) {
        proxies.add(MemberSettings.of(ProxyUrl.parse("socks5://proxy" + i + ":1080")));
      }
      return new Pool(
          new PoolSettings(
              "eu",
              proxies,
              Strategy.of(strategy).orElseThrow(),
              Sticky.valueOf(sticky.toUpperCase(Locale.ROOT)),
              Duration.ofMinutes(10),
              Duration.ofMillis(50),
              5,
              true,
              50,
              1_000,
              300,
              6_000,
              Set.of(418, 429),
              Duration.ofMinutes(1),
              Set.of(403)),
          FailoverSettings.DEFAULT,
          CircuitSettings.DEFAULT,
          HealthSettings.DEFAULT,
          new SplittableRandom(7),
          ProxyEvents.NONE);
    }

    @Setup
    public void use() {
      pool = pool();
      for (int i = 0; i < SESSIONS; i++) {
        requests[i] =
            new ConnectRequest(
                "binance", Transport.WEBSOCKET, "0-ws-" + i, "stream.binance.com:443", 2);
        Member member = ((Pick.Chosen) pick(requests[i])).member();
        long now = System.nanoTime();
        pool.opening(member, requests[i], now);
        pool.opened(member, requests[i], Duration.ofMillis(20), now);
      }
    }

    private Pick pick(ConnectRequest request) {
      return pool.pick(request, List.of(), System.nanoTime());
    }

    Pick pickNext() {
      next = (next + 1) % SESSIONS;
      return pick(requests[next]);
    }
  }

  /** Forty exchanges with pools of their own, regional rules, and hosts that need no proxy. */
  @State(Scope.Thread)
  public static class Routes {

    @Param({"own", "regional", "default"})
    public String kind = "own";

    private final Routing routing = routing();
    private String exchange = "";

    private static Routing routing() {
      Map<io.cryptofeed.connect.proxy.settings.Scope, Section> sections = new HashMap<>();
      for (int i = 0; i < EXCHANGES; i++) {
        sections.put(scope("own" + i), section("pool" + i));
      }
      sections.put(scope(null), section("all"));
      RegionalSettings regional =
          new RegionalSettings(
              true,
              "DE",
              null,
              List.of(rule("US", "regional"), rule("DE", "regional"), rule("JP", "default")),
              null);
      return new Routing(
          sections,
          regional,
          List.of(
              HostPattern.parse("localhost").orElseThrow(),
              HostPattern.parse("*.svc.cluster.local").orElseThrow()),
          null,
          new Fallback.Fail(),
          Map.of());
    }

    private static io.cryptofeed.connect.proxy.settings.Scope scope(@Nullable String exchange) {
      return new io.cryptofeed.connect.proxy.settings.Scope(exchange, Transport.WEBSOCKET);
    }

    private static Section section(String pool) {
      return new Section(
          new Via.Pool(pool), Duration.ofSeconds(30), new Source("proxy.default", "a benchmark"));
    }

    private static RegionalRule rule(String region, String exchange) {
      return new RegionalRule(
          Set.of(region),
          Set.of(exchange),
          Set.of(Transport.REST, Transport.WEBSOCKET),
          new Via.Pool(region),
          new Source("proxy.regional.rules.1", "a benchmark"));
    }

    @Setup
    public void choose() {
      exchange = kind.equals("own") ? "own7" : kind;
    }

    Optional<Route> route() {
      return routing.route(exchange, Transport.WEBSOCKET, "DE", "stream.binance.com", 443);
    }
  }

  @Benchmark
  public Optional<Route> route(Routes routes) {
    return routes.route();
  }

  @Benchmark
  public Pick pick(UsedPool pool) {
    return pool.pickNext();
  }

  /**
   * Runs the benchmark and prints nanoseconds per connection.
   *
   * @param args options of JMH
   */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    report(new Runner(JmhRun.of(RouteBenchmark.class, LENGTH, args).build()).run());
  }

  private static void report(Collection<RunResult> results) {
    FigureTable table = new FigureTable("per connection").column("ns", 0);
    for (RunResult result : results) {
      List<String> of =
          result.getParams().getParamsKeys().stream()
              .sorted()
              .map(result.getParams()::getParam)
              .toList();
      table.row(
          result.getPrimaryResult().getLabel() + " " + String.join(" ", of),
          result.getPrimaryResult().getScore());
    }
    table.print();
  }
}
