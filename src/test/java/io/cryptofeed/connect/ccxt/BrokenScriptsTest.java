package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts that throw, loop or take too much: they are stopped, and nobody else is. */
@Tag("ccxt")
class BrokenScriptsTest {

  private static final ScriptLimits TIGHT =
      new ScriptLimits(Duration.ofMillis(700), Duration.ofSeconds(60), 5, 5, 100, 1 << 20, 1 << 20);

  @TempDir private Path folder;

  private final CcxtWorld world = new CcxtWorld().limitedTo(TIGHT);
  private final BookVenue venue = BookVenue.start(new EchoVenue(false), 1, List.of());

  @AfterEach
  void stop() {
    venue.close();
    world.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "setTimeout(() => { throw new Error('oops'); }, 0) | a timer: the script threw Error: oops",
        "throw new Error('at once') | test: the script threw Error: at once",
        "for (;;) {} | ran for more than 700 ms",
        "setTimeout(() => { for (;;) { try { for (;;) {} } catch (e) {} } }, 0) | ran for more than",
        "const f = () => Promise.resolve().then(f); f(); | ran for more than 700 ms",
        "/(a+)+b/.test('a'.repeat(40)); for (;;) {} | ran for more than 700 ms",
        "for (let i = 0; i < 101; i++) setTimeout(() => {}, 60000) | more than 100 timers",
        "for (let i = 0; i < 6; i++) fetch('http://127.0.0.1:1/') | more than 5 requests",
        "fetch('http://127.0.0.1:1/', {headers: {'a b': 'c'}}); for (;;) {} | ran for more than 700 ms",
        "'x'.repeat(2 ** 28) | the script threw RangeError",
        "for (let i = 0; i < 6; i++) new WebSocket('ws://127.0.0.1:1/') | more than 5 sockets",
      })
  void is_stopped_and_the_owner_hears_why_once(String code, String why) throws Exception {
    try (ScriptScene scene = new ScriptScene(world, folder, null)) {
      scene.eval(code);
      scene.awaitBroken();

      assertThat(scene.broken).hasSize(1).first().asString().contains(why);
      assertThat(scene.eval("1")).isEqualTo("broken");
    }
  }

  @Test
  void takes_its_sockets_with_it() throws Exception {
    try (ScriptScene scene = new ScriptScene(world, folder, null)) {
      scene.later(
          "const s = new WebSocket('ws://127.0.0.1:%d/'); s.onopen = () => { result = 1; };"
              .formatted(venue.port()));
      assertThat(venue.currentWebSockets()).isEqualTo(1);

      scene.eval("for (;;) {}");

      scene.awaitBroken();
      await().until(() -> venue.currentWebSockets() == 0);
      assertThat(scene.sockets).last().asString().startsWith("-ws://");
    }
  }

  @Test
  void that_fills_the_memory_is_stopped_before_others_suffer() throws Exception {
    CcxtWorld patient =
        new CcxtWorld()
            .limitedTo(
                new ScriptLimits(
                    Duration.ofSeconds(60), Duration.ofSeconds(60), 5, 5, 100, 1 << 20, 1 << 20));
    try (ScriptScene scene = new ScriptScene(patient, folder, null)) {
      scene.eval("const all = []; for (;;) { all.push(new Array(10000).fill(1.5)); }");

      scene.awaitBroken();
      assertThat(scene.broken).first().asString().containsAnyOf("heap was full", "memory");
    }
    patient.close();
  }

  @Test
  void leaves_its_neighbours_alone() throws Exception {
    try (ScriptScene neighbour = new ScriptScene(world, folder, null);
        ScriptScene scene = new ScriptScene(world, folder, null)) {
      scene.eval("for (;;) {}");
      scene.awaitBroken();

      assertThat(neighbour.later("setTimeout(() => { result = 'well'; }, 1)")).isEqualTo("well");
      assertThat(neighbour.broken).isEmpty();
    }
  }

  @Test
  void a_promise_that_nobody_heeds_breaks_nothing() throws Exception {
    try (ScriptScene scene = new ScriptScene(world, folder, null)) {
      scene.eval("Promise.reject(new Error('unheard'))");

      assertThat(scene.later("setTimeout(() => { result = 'well'; }, 10)")).isEqualTo("well");
    }
  }
}
