package io.cryptofeed.connect.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cryptofeed.connect.metrics.PrometheusText;
import io.cryptofeed.connect.metrics.Sample;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of all endpoints with the same address. The only class that names a type of the module
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

  /** More than one, so that a slow reader does not block another. */
  private static final int THREADS = 2;

  /** The servers of this plugin's class loader; guarded by the class. */
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
   * Adds an endpoint, and starts the server for the first one.
   *
   * @throws IllegalArgumentException when the address cannot be bound
   */
  static synchronized void add(PrometheusEndpoint endpoint) {
    PrometheusServer server = RUNNING.get(endpoint.address());
    if (server == null) {
      server = start(endpoint);
      RUNNING.put(endpoint.address(), server);
    }
    server.endpoints.add(endpoint);
  }

  /** Removes an endpoint, and stops the server after the last one. */
  static synchronized void remove(PrometheusEndpoint endpoint) {
    PrometheusServer server = RUNNING.get(endpoint.address());
    if (server != null && server.endpoints.remove(endpoint) && server.endpoints.isEmpty()) {
      RUNNING.remove(endpoint.address());
      server.stop();
    }
  }

  private static PrometheusServer start(PrometheusEndpoint endpoint) {
    InetSocketAddress address = endpoint.address();
    HttpServer http;
    try {
      http = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IllegalArgumentException(fault(endpoint, e), e);
    }
    PrometheusServer server = new PrometheusServer(http, address.getPort());
    // A thread is a daemon if its parent is one: so a daemon thread starts the dispatcher thread.
    CompletableFuture.runAsync(http::start, server.threads).join();
    LOG.info("metrics for Prometheus are served at http:/{}{}", address, PATH);
    return server;
  }

  private static String fault(PrometheusEndpoint endpoint, IOException cause) {
    InetSocketAddress address = endpoint.address();
    String host = address.getAddress().getHostAddress();
    String hostKey = endpoint.configured().hostKey();
    String portKey = endpoint.configured().portKey();
    if (!isOfThisHost(address)) {
      return "%s: %s is not an address of the worker; set it to one, for example 127.0.0.1"
          .formatted(hostKey, host);
    }
    return RUNNING.entrySet().stream()
        .filter(other -> other.getKey().getPort() == address.getPort())
        .findFirst()
        .map(
            other ->
                "%s: port %d is in use by %s at %s; to share it, set the same %s"
                    .formatted(
                        portKey,
                        address.getPort(),
                        other.getValue().connectors(),
                        other.getKey().getAddress().getHostAddress(),
                        hostKey))
        .orElseGet(
            () ->
                "%s: port %d of %s is in use by another program, or cannot be bound (%s); set a free port, or 0 for no endpoint"
                    .formatted(portKey, address.getPort(), host, cause.getMessage()));
  }

  private static boolean isOfThisHost(InetSocketAddress address) {
    try {
      return address.getAddress().isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address.getAddress()) != null;
    } catch (SocketException e) {
      LOG.debug("cannot list the addresses of this host", e);
      return true;
    }
  }

  private String connectors() {
    return endpoints.stream()
        .flatMap(endpoint -> endpoint.sources().stream())
        .map(source -> source.labels().get("connector"))
        .distinct()
        .collect(Collectors.joining(", ", "connector ", ""));
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
      LOG.warn("cannot read the metrics of {}", connectors(), e);
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

  private List<Sample> samples() {
    Map<Map<String, String>, PrometheusEndpoint.Source> latest = new LinkedHashMap<>();
    for (PrometheusEndpoint endpoint : endpoints) {
      endpoint.sources().forEach(source -> latest.put(source.labels(), source));
    }
    return latest.values().stream().flatMap(source -> source.labelled().stream()).toList();
  }
}
