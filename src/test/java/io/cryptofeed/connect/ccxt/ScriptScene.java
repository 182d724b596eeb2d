package io.cryptofeed.connect.ccxt;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.proxy.InjectorUnderTest;
import io.cryptofeed.connect.text.KnownSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A script with the globals that CCXT's bundle has, and without the bundle: it starts at once. */
final class ScriptScene implements HostSockets.Events, AutoCloseable {

  private static final Duration PATIENT = Duration.ofSeconds(60);

  final List<String> broken = new CopyOnWriteArrayList<>();
  final List<String> sockets = new CopyOnWriteArrayList<>();
  private final CcxtEngine engine;
  private final CcxtServices services;
  private final ScriptContext script;
  private final HostSockets hostSockets;

  /**
   * @param folder for a bundle in which there is nothing
   * @param secret never to be shown, null for none
   */
  ScriptScene(CcxtWorld world, Path folder, @Nullable String secret) throws Exception {
    engine = CcxtEngine.open(bundle(folder, "var ccxt = {};"));
    services = world.services();
    if (secret != null) {
      KnownSecrets.add(secret);
    }
    script =
        services
            .loop()
            .submit(
                () ->
                    new ScriptContext(
                        "test", engine.code(), services.loop(), services.limits(), broken::add))
            .get(60, TimeUnit.SECONDS);
    String exchange = InjectorUnderTest.EXCHANGE;
    RequestGate gate = new RequestGate(exchange, services.injector(), services.limiter());
    hostSockets =
        services
            .loop()
            .submit(() -> new HostSockets(script, exchange, services.webSockets(), gate, "s", this))
            .get(60, TimeUnit.SECONDS);
    services
        .loop()
        .submit(
            () -> {
              HostFetch fetch = new HostFetch(script, exchange, services.http(), gate);
              HostGlobals globals = new HostGlobals(script, fetch, hostSockets);
              script.turn(
                  "prelude", services.limits().load(), () -> globals.install(engine.code()));
            })
        .get(60, TimeUnit.SECONDS);
  }

  static Path bundle(Path folder, String code) throws IOException {
    return Files.writeString(folder.resolve("bundle-" + Math.abs(code.hashCode()) + ".js"), code);
  }

  /** Runs a script and gives the text of what it evaluates to; {@code broken} when it breaks. */
  String eval(String code) throws Exception {
    String[] result = {"broken"};
    services
        .loop()
        .submit(
            () ->
                script.turn(
                    "test",
                    () -> {
                      Value value = script.polyglot().eval("js", code);
                      result[0] = value.toString();
                    }))
        .get(60, TimeUnit.SECONDS);
    return requireNonNull(result[0]);
  }

  /** Runs a script that sets {@code globalThis.result} some time, and waits for that. */
  String later(String code) throws Exception {
    eval("globalThis.result = undefined; " + code);
    await().atMost(PATIENT).until(() -> !eval("globalThis.result").equals("undefined"));
    return eval("String(globalThis.result)");
  }

  void awaitBroken() {
    await().atMost(PATIENT).until(() -> !broken.isEmpty());
  }

  void setReading(boolean reading) throws Exception {
    services.loop().submit(() -> hostSockets.setReading(reading)).get(60, TimeUnit.SECONDS);
  }

  @Override
  public void opened(String url, String egress) {
    sockets.add("+" + url + " " + egress);
  }

  @Override
  public void closed(String url, String reason) {
    sockets.add("-" + url);
  }

  @Override
  public void close() throws Exception {
    services.loop().submit(script::close).get(60, TimeUnit.SECONDS);
    engine.close();
  }
}
