package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.net.HttpClient;
import io.cryptofeed.connect.net.OriginTls;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.TestTls;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.proxy.InjectorUnderTest;
import io.cryptofeed.connect.proxy.TestNames;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The loops, clients and routes that exchanges of CCXT run on in a test. */
public final class CcxtWorld implements AutoCloseable {

  static final LocalCertificates AUTHORITY = LocalCertificates.create();

  private static final long PATIENCE_S = 120;

  final TestNames names = new TestNames();
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, new ScriptThreads("ccxt-test"), NioIoHandler.newFactory());
  private final InjectorUnderTest injector;
  private final HttpClient http;
  private final WebSocketClient webSockets;
  private @Nullable RateLimiter limiter;
  private ScriptLimits limits = ScriptLimits.DEFAULT;

  /** Every connection is direct. */
  public CcxtWorld() {
    this(Map.of("proxy.enabled", "false"));
  }

  /**
   * @param proxies as in a connector's JSON
   */
  CcxtWorld(Map<String, String> proxies) {
    injector = new InjectorUnderTest(proxies, names, AUTHORITY);
    OriginTls tls = TestTls.trusting(AUTHORITY.trustStore());
    http = new HttpClient(injector.injector(), tls);
    webSockets = new WebSocketClient(injector.injector(), tls);
  }

  CcxtWorld limitedTo(ScriptLimits limits) {
    this.limits = limits;
    return this;
  }

  CcxtWorld pacedBy(RateLimiter limiter) {
    this.limiter = limiter;
    return this;
  }

  EventLoop loop() {
    return loops.next();
  }

  /** What an exchange uses, with an event loop of its own. */
  public CcxtServices services() {
    return new CcxtServices(loop(), http, webSockets, injector.injector(), limiter, limits);
  }

  /** A simulator without TLS; its route is that of the exchange under test. */
  public static CcxtOptions options(String id, int port) {
    CcxtHosts hosts = CcxtHosts.of(id);
    return options(id, hosts.options(), hosts.at(port));
  }

  /** Its route is that of the exchange under test. */
  static CcxtOptions options(String id, @Nullable String optionsJson, Map<String, String> hosts) {
    return new CcxtOptions(
        id, InjectorUnderTest.EXCHANGE, null, null, null, false, optionsJson, hosts);
  }

  /** Starts an exchange out of the bundle that the build has fetched. */
  CcxtExchange start(CcxtOptions options, CcxtListener listener) {
    try (CcxtEngine engine = openEngine()) {
      return CcxtExchange.start(engine, services(), options, listener);
    }
  }

  private static CcxtEngine openEngine() {
    try {
      return CcxtEngine.open(null);
    } catch (CcxtUnavailableException e) {
      throw new AssertionError("these tests run with mvn -Pccxt", e);
    }
  }

  /** The result, within two minutes. */
  public static <T> T await(Future<T> future) throws Exception {
    return future.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    http.close();
    injector.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
