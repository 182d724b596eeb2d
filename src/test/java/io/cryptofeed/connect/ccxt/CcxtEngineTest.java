package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What all exchanges share, and bundles that only running shows to be invalid. */
@Tag("ccxt")
class CcxtEngineTest {

  @TempDir private Path folder;

  private final CcxtWorld world = new CcxtWorld();
  private final SeenEvents seen = new SeenEvents();

  @AfterEach
  void stop() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "function ( {  | corrupt | does not run",
        "throw new Error('no') | corrupt | does not run",
        "var other = 1 | corrupt | defines no global ccxt",
        "var ccxt = {} | corrupt | defines no global ccxt",
        "var ccxt = { exchanges: {}, version: '4.5.83' } | corrupt | has no ccxt.pro",
        "var ccxt = { exchanges: {}, pro: {}, version: 'x' } | corrupt | has the invalid version 'x'",
        "var ccxt = { exchanges: {}, pro: {}, version: '4.2.1' } | too old | is version 4.2.1",
      })
  void an_invalid_bundle_breaks_the_exchange_and_says_why(String code, String what, String detail)
      throws Exception {
    try (CcxtEngine engine = CcxtEngine.open(ScriptScene.bundle(folder, code))) {
      CcxtExchange.start(engine, world.services(), PlainOptions.of("kraken"), seen);

      await().atMost(Duration.ofSeconds(60)).until(() -> !seen.broken.isEmpty());
    }
    assertThat(seen.broken)
        .hasSize(1)
        .first()
        .asString()
        .contains(what, detail, "ccxt.bundle.path=");
  }

  @Test
  void an_engine_is_shared_and_let_go_by_the_last() throws Exception {
    int before = CcxtEngine.holders();
    Path bundle = ScriptScene.bundle(folder, "var ccxt = {}");
    CcxtEngine one = CcxtEngine.open(bundle);
    CcxtEngine other = CcxtEngine.open(bundle);

    assertThat(one.code()).isSameAs(other.code());
    one.close();
    one.close();
    assertThat(CcxtEngine.holders()).isEqualTo(before + 1);
    other.close();
    assertThat(CcxtEngine.holders()).isEqualTo(before);
    try (CcxtEngine anew = CcxtEngine.open(bundle)) {
      assertThat(anew.code()).isNotSameAs(one.code());
    }
  }

  @Test
  void an_exchange_that_ccxt_does_not_have_breaks_with_its_name() throws Exception {
    world.start(PlainOptions.of("nosuch"), seen);

    await().atMost(Duration.ofSeconds(120)).until(() -> !seen.broken.isEmpty());
    assertThat(seen.broken).first().asString().contains("has no exchange 'nosuch'");
  }
}
