package io.cryptofeed.connect.local;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A DNS server on 127.0.0.1 whose records can be changed while it runs. At first it has none, and
 * every name does not exist. Safe for use by many threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a client repeats a query whose response is lost
public final class LocalNameServer implements AutoCloseable {

  private static final int SECONDS_TO_LIVE = 1;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("local-dns", true), NioIoHandler.newFactory());
  private final Map<String, List<byte[]>> addresses = new ConcurrentHashMap<>();
  private final Map<String, List<byte[]>> services = new ConcurrentHashMap<>();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final Channel channel;
  private volatile boolean silent;

  /** Starts to listen on a free port. */
  public LocalNameServer() {
    channel =
        new Bootstrap()
            .group(loops)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel opening) {
                    opening
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Answers());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  /** {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Sets the addresses of a name, IPv4 or IPv6; none to make it unknown. */
  public LocalNameServer addresses(String name, String... literals) {
    List<byte[]> records = new ArrayList<>();
    for (String literal : literals) {
      records.add(NetUtil.createByteArrayFromIpAddressString(literal));
    }
    addresses.put(name + ".", records);
    return this;
  }

  /** Adds an SRV record to a name. */
  public LocalNameServer service(String name, int priority, int weight, int port, String target) {
    ByteBuf content = Unpooled.buffer();
    content.writeShort(priority).writeShort(weight).writeShort(port);
    for (String label : target.split("\\.")) {
      content.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
    }
    content.writeByte(0);
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    services.computeIfAbsent(name + ".", any -> new CopyOnWriteArrayList<>()).add(bytes);
    return this;
  }

  /** Whether queries get no response. */
  public void setSilent(boolean silent) {
    this.silent = silent;
  }

  /** The queries so far, with type and name: {@code A proxies.test}. */
  public List<String> queries() {
    return queries;
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      queries.add(question.type().name() + " " + question.name().replaceAll("\\.$", ""));
      if (silent) {
        return;
      }
      DatagramDnsResponse response =
          new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
      response.addRecord(DnsSection.QUESTION, question);
      boolean isKnown =
          !addresses.getOrDefault(question.name(), List.of()).isEmpty()
              || services.containsKey(question.name());
      response.setCode(isKnown ? DnsResponseCode.NOERROR : DnsResponseCode.NXDOMAIN);
      for (byte[] record : records(question)) {
        DnsRecord answer =
            new DefaultDnsRawRecord(
                question.name(), question.type(), SECONDS_TO_LIVE, Unpooled.wrappedBuffer(record));
        response.addRecord(DnsSection.ANSWER, answer);
      }
      context.writeAndFlush(response);
    }

    private List<byte[]> records(DnsQuestion question) {
      if (question.type().equals(DnsRecordType.SRV)) {
        return services.getOrDefault(question.name(), List.of());
      }
      int length = question.type().equals(DnsRecordType.AAAA) ? 16 : 4;
      return addresses.getOrDefault(question.name(), List.of()).stream()
          .filter(record -> record.length == length)
          .toList();
    }
  }
}
