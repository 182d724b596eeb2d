package io.cryptofeed.connect.proxy.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameResolutionTest {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();

  @AfterEach
  void stopLoop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static InetSocketAddress unresolved(String host) {
    return InetSocketAddress.createUnresolved(host, 443);
  }

  @Test
  void sees_whether_the_machine_says_where_its_name_servers_are(@TempDir Path directory)
      throws Exception {
    Path withServer = Files.writeString(directory.resolve("a"), "search x\n nameserver 10.0.0.1\n");
    Path without = Files.writeString(directory.resolve("b"), "# nameserver 10.0.0.1\nsearch x\n");

    assertThat(NameResolution.namesAServer(withServer)).isTrue();
    assertThat(NameResolution.namesAServer(without)).isFalse();
    assertThat(NameResolution.namesAServer(directory.resolve("missing"))).isFalse();
  }

  @Test
  void the_machine_knows_itself() throws Exception {
    List<InetSocketAddress> found =
        NameResolution.ofThisWorker()
            .getResolver(loop)
            .resolveAll(unresolved("localhost"))
            .get(20, TimeUnit.SECONDS);

    assertThat(found).isNotEmpty().allMatch(address -> address.getAddress().isLoopbackAddress());
  }

  @Test
  void the_jvm_knows_the_machine_and_answers_on_the_event_loop() throws Exception {
    Future<List<InetSocketAddress>> looking =
        new NameResolution.OfTheJvm().getResolver(loop).resolveAll(unresolved("localhost"));

    assertThat(looking.get(20, TimeUnit.SECONDS)).contains(new InetSocketAddress("localhost", 443));
    assertThat(onWhichThreadCompleted(looking)).isEqualTo(threadOfLoop());
  }

  @Test
  void the_jvm_says_when_it_does_not_know_a_name() throws Exception {
    Future<List<InetSocketAddress>> looking =
        new NameResolution.OfTheJvm()
            .getResolver(loop)
            .resolveAll(unresolved("no host name"))
            .await();

    assertThat(looking.cause()).isInstanceOf(UnknownHostException.class);
  }

  private static Thread onWhichThreadCompleted(Future<?> future) throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    future.addListener(done -> thread.complete(Thread.currentThread()));
    return thread.get(20, TimeUnit.SECONDS);
  }

  private Thread threadOfLoop() throws Exception {
    return loop.submit(Thread::currentThread).get(20, TimeUnit.SECONDS);
  }
}
