package io.cryptofeed.connect.proxy;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The names that this machine knows, and those that it was asked for. */
public final class TestNames extends AddressResolverGroup<InetSocketAddress> {

  private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();
  private final List<String> askedFor = new CopyOnWriteArrayList<>();
  private final List<Runnable> unanswered = new CopyOnWriteArrayList<>();
  private volatile boolean silent;

  /** Lets this machine know a name, with these addresses or none. */
  public TestNames with(String name, String... addresses) throws UnknownHostException {
    InetAddress[] parsed = new InetAddress[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      parsed[i] = InetAddress.getByName(addresses[i]);
    }
    known.put(name, List.of(parsed));
    return this;
  }

  /** Keeps every question until {@link #answer}. */
  public TestNames silent() {
    silent = true;
    return this;
  }

  /** Answers at once again; what was asked before stays unanswered. */
  public TestNames speaking() {
    silent = false;
    return this;
  }

  /** Answers what was asked while nobody answered. */
  public void answer() {
    unanswered.forEach(Runnable::run);
  }

  /** Every name that was looked up, in order. */
  public List<String> askedFor() {
    return askedFor;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new InetNameResolver(executor) {
      @Override
      protected void doResolve(String name, Promise<InetAddress> promise) {
        throw new AssertionError("only all addresses of a name are of use");
      }

      @Override
      protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
        askedFor.add(name);
        Runnable answer =
            () -> {
              List<InetAddress> addresses = known.get(name);
              if (addresses == null) {
                promise.setFailure(new UnknownHostException(name));
              } else {
                promise.setSuccess(addresses);
              }
            };
        if (silent) {
          unanswered.add(() -> executor().execute(answer));
        } else {
          answer.run();
        }
      }
    }.asAddressResolver();
  }
}
