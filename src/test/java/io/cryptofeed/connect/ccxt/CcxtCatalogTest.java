package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.docs.CcxtExchangesPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every streaming class of the pinned CCXT constructs, and says which channels it has. */
@Tag("ccxt")
class CcxtCatalogTest {

  private static final Path PAGE = Path.of("docs/ccxt-exchanges.md");

  private final CcxtWorld world = new CcxtWorld();

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void the_page_of_exchanges_is_what_the_classes_say() throws Exception {
    JsonNode exchanges = new ObjectMapper().readTree(catalog());

    String page = CcxtExchangesPage.of(exchanges);

    assertThat(exchanges).hasSizeGreaterThan(70);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as(
            "%s differs from the classes; rewrite it with: mvn -Pccxt test -Dtest=CcxtCatalogTest -Ddocs.write=true",
            PAGE)
        .isEqualTo(page);
  }

  private String catalog() throws Exception {
    CcxtServices services = world.services();
    AtomicReference<String> catalog = new AtomicReference<>("");
    AtomicReference<String> broken = new AtomicReference<>("");
    try (CcxtEngine engine = CcxtEngine.open(null)) {
      services
          .loop()
          .submit(
              () -> {
                ScriptContext script =
                    new ScriptContext(
                        "catalog", engine.code(), services.loop(), services.limits(), broken::set);
                RequestGate gate = new RequestGate("test", services.injector(), null);
                HostSockets sockets =
                    new HostSockets(script, "test", services.webSockets(), gate, "s", new Nobody());
                HostFetch fetch = new HostFetch(script, "test", services.http(), gate);
                script.turn(
                    "catalog",
                    Duration.ofMinutes(5),
                    () -> {
                      new HostGlobals(script, fetch, sockets).install(engine.code());
                      catalog.set(
                          Driver.load(engine.code(), script).invokeMember("catalog").asString());
                    });
                script.close();
              })
          .get(5, TimeUnit.MINUTES);
    }
    assertThat(broken.get()).isEmpty();
    return Objects.requireNonNull(catalog.get());
  }

  private static final class Nobody implements HostSockets.Events {
    @Override
    public void opened(String url, String egress) {}

    @Override
    public void closed(String url, String reason) {}
  }
}
