package io.cryptofeed.connect.proxy.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cryptofeed.connect.metrics.PrometheusText;
import io.cryptofeed.connect.metrics.Sample;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server behind the endpoints of one address. The only class that names a type of the module
 * jdk.httpserver, so that the others can be loaded without it.
 */
final class PrometheusServer {

  private static final Logger LOG = LoggerFactory.getLogger(PrometheusServer.class);

  private static final String PATH = "/metrics";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int INTERNAL_ERROR = 500;
  private static final int NO_BODY = -1;

  /** One reader that is slow does not keep another waiting. */
  private static final int THREADS = 2;

  /** Of the whole JVM, or rather of this plugin's class loader; guarded by the class. */
  private static final Map<InetSocketAddress, PrometheusServer> RUNNING = new HashMap<>();

  private final List<PrometheusEndpoint> endpoints = new CopyOnWriteArrayList<>();
  private final HttpServer http;
  private final ExecutorService threads;

  private PrometheusServer(HttpServer http, int port) {
    this.http = http;
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "cryptofeed-prometheus-" + port);
              thread.setDaemon(true);
              return thread;
            });
    http.setExecutor(threads);
    http.createContext(PATH, this::answer);
  }

  /**
   * Shows an endpoint, starting the server for the first.
   *
   * @throws IllegalArgumentException when nobody can listen there
   */
  static synchronized void add(PrometheusEndpoint endpoint) {
    PrometheusServer server = RUNNING.get(endpoint.address());
    if (server == null) {
      server = start(endpoint.address());
      RUNNING.put(endpoint.address(), server);
    }
    server.endpoints.add(endpoint);
  }

  /** Shows an endpoint no longer, stopping the server after the last. */
  static synchronized void remove(PrometheusEndpoint endpoint) {
    PrometheusServer server = RUNNING.get(endpoint.address());
    if (server != null && server.endpoints.remove(endpoint) && server.endpoints.isEmpty()) {
      RUNNING.remove(endpoint.address());
      server.stop();
    }
  }

  private static PrometheusServer start(InetSocketAddress address) {
    HttpServer http;
    try {
      http = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IllegalArgumentException(fault(address, e), e);
    }
    PrometheusServer server = new PrometheusServer(http, address.getPort());
    // A thread is a daemon when its parent is: so the server's own is made by one of ours.
    CompletableFuture.runAsync(http::start, server.threads).join();
    LOG.info("metrics are shown at http:/{}{}", address, PATH);
    return server;
  }

  private static String fault(InetSocketAddress address, IOException cause) {
    String host = address.getAddress().getHostAddress();
    if (!isOfThisMachine(address)) {
      return "proxy.prometheus.host: "
          + host
          + " is no address of this machine; write one that is, for example 127.0.0.1";
    }
    return RUNNING.entrySet().stream()
        .filter(other -> other.getKey().getPort() == address.getPort())
        .findFirst()
        .map(
            other ->
                "proxy.prometheus.port: port "
                    + address.getPort()
                    + " is in use by "
                    + connectors(other.getValue().endpoints)
                    + " at "
                    + other.getKey().getAddress().getHostAddress()
                    + "; to share it, set the same proxy.prometheus.host")
        .orElseGet(
            () ->
                "proxy.prometheus.port: port "
                    + address.getPort()
                    + " of "
                    + host
                    + " is in use by another program, or may not be used ("
                    + cause.getMessage()
                    + "); set a free port, or 0 for no endpoint");
  }

  private static boolean isOfThisMachine(InetSocketAddress address) {
    try {
      return address.getAddress().isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address.getAddress()) != null;
    } catch (SocketException e) {
      LOG.debug("cannot list the addresses of this machine", e);
      return true;
    }
  }

  private static String connectors(Collection<PrometheusEndpoint> endpoints) {
    return "connector "
        + String.join(", ", endpoints.stream().map(PrometheusEndpoint::connector).toList());
  }

  private void stop() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange call) throws IOException {
    try (call) {
      if (!call.getRequestURI().getPath().equals(PATH)) {
        refuse(call, NOT_FOUND);
      } else if (!call.getRequestMethod().equals("GET")) {
        call.getResponseHeaders().set("Allow", "GET");
        refuse(call, METHOD_NOT_ALLOWED);
      } else {
        show(call);
      }
    }
  }

  private void show(HttpExchange call) throws IOException {
    byte[] text;
    try {
      text = PrometheusText.of(samples()).getBytes(UTF_8);
    } catch (RuntimeException e) {
      LOG.warn("cannot show the metrics of {}", connectors(endpoints), e);
      refuse(call, INTERNAL_ERROR);
      return;
    }
    call.getResponseHeaders().set("Content-Type", PrometheusText.CONTENT_TYPE);
    call.sendResponseHeaders(OK, text.length == 0 ? NO_BODY : text.length);
    call.getResponseBody().write(text);
  }

  private static void refuse(HttpExchange call, int status) throws IOException {
    call.sendResponseHeaders(status, NO_BODY);
  }

  /** Of each connector once: what a restarted one has left behind is not shown beside it. */
  private List<Sample> samples() {
    Map<String, PrometheusEndpoint> latest = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> latest.put(endpoint.connector(), endpoint));
    return latest.values().stream().flatMap(endpoint -> endpoint.samples().stream()).toList();
  }
}
