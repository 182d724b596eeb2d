package io.cryptofeed.connect.proxy.manager;

import io.cryptofeed.connect.proxy.spi.ProxyManager;
import io.cryptofeed.connect.text.LogContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a pool of what a name stands for: each address of it, or each target of its SRV records. A
 * headless service of Kubernetes is such a name.
 */
public final class DnsProxyManager implements ProxyManager {

  private static final Set<String> KEYS =
      Set.of("name", "srv", "port", "scheme", "username", "password", "nameserver");
  private static final Pattern NAME_SERVER =
      Pattern.compile("(?<host>[0-9.]+|\\[[0-9a-fA-F:.]+\\])(?::(?<port>[0-9]{1,5}))?");
  private static final int DNS_PORT = 53;
  private static final long QUERY_TIMEOUT_MS = 5_000;
  private static final double LEAST_WEIGHT = 0.1;
  private static final double MOST_WEIGHT = 10;
  private static final String EXCHANGE = "{exchange}";
  private static final String POOL = "{pool}";

  private Map<String, String> config = Map.of();
  private @Nullable MultiThreadIoEventLoopGroup loops;
  private @Nullable DnsNameResolver resolver;

  /** Named {@code dns} in the configuration. */
  public DnsProxyManager() {}

  @Override
  public void configure(Map<String, String> given) {
    for (String key : given.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            key + " is unknown; known are " + String.join(", ", new TreeSet<>(KEYS)));
      }
    }
    if (!given.containsKey("srv") && !given.containsKey("name")) {
      throw new IllegalArgumentException("name or srv is missing; set the name to resolve");
    }
    if (!given.containsKey("srv") && !isPort(given.get("port"))) {
      throw new IllegalArgumentException("port must be 1 to 65535, for addresses have no ports");
    }
    String server = given.get("nameserver");
    if (server != null && !NAME_SERVER.matcher(server).matches()) {
      throw new IllegalArgumentException(
          "nameserver must be an address, with a port or without, such as 10.0.0.10:53");
    }
    config = Map.copyOf(given);
  }

  private static boolean isPort(@Nullable String text) {
    return text != null
        && text.matches("[0-9]{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= 65_535;
  }

  @Override
  public boolean isPerExchange() {
    return (config.getOrDefault("srv", "") + config.getOrDefault("name", "")).contains(EXCHANGE);
  }

  @Override
  public CompletionStage<List<Candidate>> members(String pool, @Nullable String exchange) {
    String srv = config.get("srv");
    String name = srv == null ? config.getOrDefault("name", "") : srv;
    String whole =
        name.replace(POOL, pool)
            .replace(EXCHANGE, exchange == null ? "" : exchange.replace('_', '-'));
    CompletableFuture<List<Candidate>> answer = new CompletableFuture<>();
    if (srv == null) {
      addresses(whole, answer);
    } else {
      services(whole, answer);
    }
    return answer;
  }

  private void addresses(String name, CompletableFuture<List<Candidate>> answer) {
    int port = Integer.parseInt(config.getOrDefault("port", "0"));
    resolver()
        .resolveAll(name)
        .addListener(
            (Future<List<InetAddress>> found) -> {
              if (found.isSuccess()) {
                answer.complete(
                    found.getNow().stream()
                        .map(address -> new Candidate(url(host(address), port), 1, 0, null))
                        .toList());
              } else {
                answer.completeExceptionally(found.cause());
              }
            });
  }

  private static String host(InetAddress address) {
    String text = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + text.replaceAll("%.*", "") + "]" : text;
  }

  private String url(String host, int port) {
    String scheme = config.getOrDefault("scheme", "socks5").toLowerCase(Locale.ROOT);
    String user = config.get("username");
    String password = config.get("password");
    String credentials =
        user == null ? "" : encoded(user) + (password == null ? "" : ":" + encoded(password)) + "@";
    return scheme + "://" + credentials + host + ":" + port;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  // SRV.

  /** A target of SRV records; the lowest priority comes first. */
  private record Service(int priority, int weight, int port, String target) {}

  private void services(String name, CompletableFuture<List<Candidate>> answer) {
    resolver()
        .resolveAll(new DefaultDnsQuestion(name, DnsRecordType.SRV))
        .addListener(
            (Future<List<DnsRecord>> found) -> {
              if (found.isSuccess()) {
                answer.complete(candidates(found.getNow()));
              } else {
                answer.completeExceptionally(found.cause());
              }
            });
  }

  private List<Candidate> candidates(List<DnsRecord> records) {
    List<Service> services = new ArrayList<>();
    for (DnsRecord found : records) {
      try {
        if (found.type().equals(DnsRecordType.SRV) && found instanceof DnsRawRecord raw) {
          services.add(service(raw.content()));
        }
      } finally {
        ReferenceCountUtil.release(found);
      }
    }
    int heaviest = services.stream().mapToInt(Service::weight).max().orElse(0);
    return services.stream()
        .map(
            service ->
                new Candidate(
                    url(service.target(), service.port()),
                    weight(service.weight(), heaviest),
                    service.priority(),
                    null))
        .toList();
  }

  private static Service service(ByteBuf content) {
    int priority = content.readUnsignedShort();
    int weight = content.readUnsignedShort();
    int port = content.readUnsignedShort();
    String target = DefaultDnsRecordDecoder.decodeName(content);
    return new Service(priority, weight, port, target.replaceAll("\\.$", ""));
  }

  /** Shares of 65535 as weights of ours; when none is given, all are alike. */
  private static double weight(int weight, int heaviest) {
    return heaviest == 0
        ? 1
        : Math.max(LEAST_WEIGHT, Math.min(MOST_WEIGHT, MOST_WEIGHT * weight / heaviest));
  }

  // The resolver.

  private synchronized DnsNameResolver resolver() {
    DnsNameResolver present = resolver;
    if (present == null) {
      loops =
          new MultiThreadIoEventLoopGroup(
              1,
              LogContext.ofConnector(new DefaultThreadFactory("cryptofeed-dns", true)),
              NioIoHandler.newFactory());
      present = resolver(loops.next());
      resolver = present;
    }
    return present;
  }

  private DnsNameResolver resolver(EventLoop loop) {
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .queryTimeoutMillis(QUERY_TIMEOUT_MS)
            // Members come and go: what is asked for every refresh must not come from a cache.
            .ttl(0, 1);
    String server = config.get("nameserver");
    if (server != null) {
      builder.nameServerProvider(new SingletonDnsServerAddressStreamProvider(address(server)));
    }
    return builder.build();
  }

  private static InetSocketAddress address(String server) {
    Matcher parts = NAME_SERVER.matcher(server);
    if (!parts.matches()) {
      throw new IllegalStateException("checked when it was configured");
    }
    String port = parts.group("port");
    return new InetSocketAddress(
        parts.group("host").replaceAll("[\\[\\]]", ""),
        port == null ? DNS_PORT : Integer.parseInt(port));
  }

  @Override
  public synchronized void close() {
    if (resolver != null) {
      resolver.close();
    }
    if (loops != null) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
