package io.cryptofeed.connect.bench;

import com.sun.management.ThreadMXBean;
import io.cryptofeed.connect.local.LoopbackPort;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.proxy.real.RealProxy;
import io.cryptofeed.connect.net.CloseReason;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.OriginTls;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketListener;
import io.cryptofeed.connect.net.WebSocketOptions;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxySettingsBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a proxy costs: round trips of WebSocket messages and REST requests through each proxy
 * against direct ones, in turns within one run, so that what else the machine does falls on all
 * alike. Each ratio is the median of those of the rounds; the second direct route shows the noise.
 *
 * <p>Proxies of others are measured where their programs are: see {@code src/test/proxies/fetch.sh}
 * and the system property {@code real.proxies}.
 */
public final class ProxyBenchmark {

  private static final RunLength LENGTH = RunLength.configured(15, 2, Duration.ofMillis(250));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MESSAGE = "x".repeat(200);
  private static final int LIMIT = 1 << 16;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<String, String> proxies = new LinkedHashMap<>();

  private ProxyBenchmark() {}

  /** Prints a table for each kind of peer. */
  public static void main(String[] args) throws Exception {
    ProxyBenchmark benchmark = new ProxyBenchmark();
    try {
      benchmark.start();
      benchmark.run();
    } finally {
      benchmark.close();
    }
  }

  private void start() throws IOException {
    LocalSocksProxy socks = new LocalSocksProxy().start();
    LocalHttpProxy http = new LocalHttpProxy().start();
    opened.add(socks);
    opened.add(http);
    proxies.put("direct", "direct");
    proxies.put("direct again", "direct");
    proxies.put("SOCKS5 fixture", "socks5://127.0.0.1:" + socks.port());
    proxies.put("HTTP fixture", "http://127.0.0.1:" + http.port());
    Path folder = Files.createTempDirectory("proxy-benchmark");
    if (RealProxy.program("microsocks").isPresent()) {
      int port = LoopbackPort.free();
      real(
          folder,
          port,
          "microsocks",
          "socks5",
          List.of("-i", "127.0.0.1", "-p", String.valueOf(port)));
    }
    if (RealProxy.program("tinyproxy").isPresent()) {
      int port = LoopbackPort.free();
      Path config = folder.resolve("tinyproxy.conf");
      Files.writeString(config, "Port " + port + "\nListen 127.0.0.1\nAllow 127.0.0.1\n");
      real(folder, port, "tinyproxy", "http", List.of("-d", "-c", config.toString()));
    }
  }

  private void real(Path folder, int port, String name, String scheme, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(RealProxy.program(name).orElseThrow().toString());
    command.addAll(arguments);
    opened.add(RealProxy.start(folder, port, command));
    proxies.put(name, scheme + "://127.0.0.1:" + port);
  }

  private void run() throws Exception {
    table("WebSocket echo, loopback", 0, true);
    table("WebSocket echo, peer of 12 ms", 12, true);
    table("REST, kept connection, loopback", 0, false);
    table("REST, kept connection, peer of 45 ms", 45, false);
  }

  private void table(String what, long delayMs, boolean webSocket) throws Exception {
    try (EchoExchange exchange = new EchoExchange(delayMs)) {
      Map<String, Route> routes = new LinkedHashMap<>();
      for (Map.Entry<String, String> proxy : proxies.entrySet()) {
        routes.put(proxy.getKey(), new Route(proxy.getValue(), exchange.port(), webSocket));
      }
      Map<String, List<Double>> micros = new LinkedHashMap<>();
      Map<String, List<Double>> bytes = new LinkedHashMap<>();
      for (int round = -LENGTH.warmUps(); round < LENGTH.rounds(); round++) {
        for (Map.Entry<String, Route> route : routes.entrySet()) {
          double[] measured = route.getValue().measure();
          if (round >= 0) {
            micros.computeIfAbsent(route.getKey(), any -> new ArrayList<>()).add(measured[0]);
            bytes.computeIfAbsent(route.getKey(), any -> new ArrayList<>()).add(measured[1]);
          }
        }
      }
      print(what, micros, bytes);
      for (Route route : routes.values()) {
        route.close();
      }
    }
  }

  private static void print(
      String what, Map<String, List<Double>> micros, Map<String, List<Double>> bytes) {
    List<Double> direct = micros.getOrDefault("direct", List.of());
    FigureTable table =
        new FigureTable(what)
            .column("median us", 1)
            .column("x direct", 3)
            .column("bytes allocated", 0);
    micros.forEach(
        (route, its) -> {
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < its.size(); i++) {
            ratios.add(its.get(i) / direct.get(i));
          }
          table.row(
              route, median(its), median(ratios), median(bytes.getOrDefault(route, List.of(0.0))));
        });
    table.print();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void close() throws Exception {
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** One way to one exchange, kept open. */
  private final class Route implements WebSocketListener {

    private final ProxyInjector injector;
    private final HttpClient http;
    private final boolean webSocket;
    private final URI uri;
    private final Semaphore arrived = new Semaphore(0);
    private final WebSocketConnection[] connection = new WebSocketConnection[1];
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long thread = loop.submit(() -> Thread.currentThread().getId()).get();

    Route(String proxy, int port, boolean webSocket) throws Exception {
      this.webSocket = webSocket;
      injector =
          new ProxyInjector(
              new ProxySettingsBuilder()
                  .defaultProxy(Transport.REST, proxy)
                  .defaultProxy(Transport.WEBSOCKET, proxy)
                  .build());
      OriginTls tls = OriginTls.platform(injector);
      http = new HttpClient(injector, tls);
      uri =
          URI.create(
              (webSocket ? "ws" : "http")
                  + "://127.0.0.1:"
                  + port
                  + (webSocket ? "/stream" : "/book"));
      if (webSocket) {
        connection[0] =
            new WebSocketClient(injector, tls)
                .connect(
                    loop,
                    "bench",
                    injector.newSession(),
                    uri,
                    new WebSocketOptions(false, LIMIT, PATIENCE),
                    this)
                .get();
      }
    }

    /** Microseconds of a round trip, and bytes that the client's event loop allocated for it. */
    double[] measure() throws Exception {
      long allocated = threads.getThreadAllocatedBytes(thread);
      int trips = 0;
      long start = System.nanoTime();
      long nanos = 0;
      while (nanos < LENGTH.window().toNanos()) {
        if (webSocket) {
          connection[0].send(MESSAGE);
          arrived.acquire();
        } else {
          http.get(loop, "bench", uri, 1, PATIENCE, LIMIT).get();
        }
        trips++;
        nanos = System.nanoTime() - start;
      }
      return new double[] {
        nanos / 1e3 / trips, (threads.getThreadAllocatedBytes(thread) - allocated) / (double) trips
      };
    }

    @Override
    public void onMessage(byte[] buffer, int offset, int length) {
      arrived.release();
    }

    @Override
    public void onControlFrame() {}

    @Override
    public void onClosed(CloseReason reason) {}

    void close() {
      http.close();
      injector.close();
    }
  }
}
