package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.proxy.monitor.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script has of a browser, and what it has not. */
@Tag("ccxt")
class PreludeTest {

  private static final String SECRET = "s3cr3t/key";

  @TempDir private static Path folder;

  private final CcxtWorld world = new CcxtWorld();
  private final BookVenue venue = BookVenue.start(new EchoVenue(false), 1, List.of());
  private final BookVenue packing = BookVenue.start(new EchoVenue(true), 1, List.of());
  private final ScriptScene scene = scene(world);

  private static ScriptScene scene(CcxtWorld world) {
    try {
      return new ScriptScene(world, folder, SECRET);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void isWhole() {
    assertThat(scene.broken).isEmpty();
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
    venue.close();
    packing.close();
    world.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java",
        "Polyglot",
        "Graal",
        "load",
        "print",
        "require",
        "process",
        "Deno",
        "Buffer",
        "__host"
      })
  void has_no_way_to_the_machine(String name) throws Exception {
    assertThat(scene.eval("typeof " + name)).isEqualTo("undefined");
  }

  @Test
  void reads_no_file() throws Exception {
    assertThat(
            scene.later(
                "import('file:///etc/passwd').then(() => { result = 'read'; }, () => { result = 'refused'; })"))
        .isEqualTo("refused");
  }

  @Test
  void is_a_window_of_its_own() throws Exception {
    assertThat(scene.eval("self === globalThis && window === globalThis")).isEqualTo("true");
  }

  @Test
  void timers_fire_in_order_and_with_their_arguments() throws Exception {
    assertThat(
            scene.later(
                "const seen = [];"
                    + "setTimeout((a, b) => { seen.push(a + b); result = seen.join(); }, 40, 'c', 'd');"
                    + "setTimeout(() => seen.push('b'), 20); setTimeout(() => seen.push('a'), 0);"
                    + "queueMicrotask(() => seen.push('first'));"))
        .isEqualTo("first,a,b,cd");
  }

  @Test
  void a_timer_that_was_stopped_does_not_fire_and_an_interval_fires_until_then() throws Exception {
    assertThat(
            scene.later(
                "let n = 0; const never = setTimeout(() => { n = 100; }, 5); clearTimeout(never);"
                    + "const every = setInterval(() => { if (++n === 3) { clearInterval(every);"
                    + " setTimeout(() => { result = n; }, 50); } }, 1);"))
        .isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "äöü€", "币安", "😀"})
  void text_becomes_bytes_and_back(String text) throws Exception {
    assertThat(
            scene.eval("new TextDecoder().decode(new TextEncoder().encode('" + text + "')) + '.'"))
        .isEqualTo(text + ".");
  }

  @Test
  void a_part_of_an_array_is_decoded_alone() throws Exception {
    assertThat(
            scene.eval(
                "new TextDecoder().decode(new TextEncoder().encode('abcdef').subarray(2, 4))"))
        .isEqualTo("cd");
  }

  @Test
  void random_bytes_differ() throws Exception {
    assertThat(
            scene.eval(
                "const a = crypto.getRandomValues(new Uint8Array(16)).join();"
                    + "const b = crypto.getRandomValues(new Uint32Array(4)).join();"
                    + "a !== b && a.split(',').length === 16 && b.split(',').length === 4"))
        .isEqualTo("true");
  }

  @Test
  void the_console_writes_to_our_log_and_shows_no_secret() throws Exception {
    try (LogLines lines = LogLines.of("io.cryptofeed.connect.ccxt.script")) {
      scene.eval("console.warn('key', { key: '%s' })".formatted(SECRET));
      scene.eval(
          "console.log('key="
              + SECRET.replace("/", "%2F")
              + "'); const o = {}; o.o = o; console.info(o)");

      assertThat(lines.all())
          .containsExactly(
              "WARN exchange=test key {\"key\":\"***\"}",
              "DEBUG exchange=test key=***",
              "INFO exchange=test [object Object]");
    }
  }

  @Test
  void fetch_gives_status_headers_and_body() throws Exception {
    assertThat(
            scene.later(
                "fetch('http://127.0.0.1:%d/a?b=c', { headers: { 'X-Key': 'k' } }).then(async (r) => { result = [r.status, r.ok, r.statusText, r.headers.get('Content-Type') !== null, (await r.json()).path].join(); })"
                    .formatted(venue.port())))
        .isEqualTo("200,true,OK,true,/a");
    assertThat(
            scene.later(
                "fetch('http://127.0.0.1:%d/nothing').then((r) => { result = r.status + ' ' + r.ok; })"
                    .formatted(venue.port())))
        .isEqualTo("404 false");
    assertThat(
            scene.later(
                "fetch('http://127.0.0.1:%d/x').then((r) => r.arrayBuffer()).then((b) => { result = new TextDecoder().decode(b); })"
                    .formatted(venue.port())))
        .isEqualTo("{\"path\":\"/x\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://127.0.0.1:1/ | {}",
        "ftp://127.0.0.1/ | {}",
        "not a url | {}",
        "http://127.0.0.1:1/ | { headers: { Host: 'other' } }",
        "http://127.0.0.1:1/ | { headers: { 'a b': 'c' } }"
      })
  void a_fetch_that_can_not_be_is_refused(String url, String options) throws Exception {
    assertThat(
            scene.later(
                "fetch('%s', %s).catch((e) => { result = (e instanceof TypeError) + ' ' + e.message + ' ' + (e.cause.message.length > 0); })"
                    .formatted(url, options)))
        .isEqualTo("true fetch failed true");
    assertThat(scene.broken).isEmpty();
  }

  @Test
  void a_fetch_can_be_given_up() throws Exception {
    venue.delayRest(Duration.ofSeconds(30));

    assertThat(
            scene.later(
                "const c = new AbortController(); fetch('http://127.0.0.1:%d/', { signal: c.signal }).catch((e) => { result = e.name; }); c.abort();"
                    .formatted(venue.port())))
        .isEqualTo("AbortError");
  }

  @Test
  void a_web_socket_carries_text_both_ways() throws Exception {
    assertThat(
            scene.later(
                "const s = new WebSocket('ws://127.0.0.1:%d/x?token=1'); const seen = [s.readyState];"
                        .formatted(venue.port())
                    + "s.onopen = () => { seen.push(s.readyState); s.send('hä'); };"
                    + "s.onmessage = (m) => { seen.push(m.data); s.close(); };"
                    + "s.onclose = (e) => { seen.push(s.readyState, e.code); result = seen.join(); };"))
        .isEqualTo("0,1,hä,3,1000");
    assertThat(scene.sockets)
        .containsExactly(
            "+ws://127.0.0.1:" + venue.port() + "/x direct",
            "-ws://127.0.0.1:" + venue.port() + "/x");
  }

  @Test
  void a_compressed_message_arrives_as_text_where_the_script_says_how() throws Exception {
    assertThat(
            scene.later(
                "const s = new WebSocket('ws://127.0.0.1:%d/', { inflate: 'gzip', headers: { a: 'b' } });"
                        .formatted(packing.port())
                    + "s.onopen = () => s.send('packed'); s.onmessage = (m) => { result = m.data; };"))
        .isEqualTo("packed");
  }

  @Test
  void a_binary_message_is_bytes_that_read_as_text() throws Exception {
    assertThat(
            scene.later(
                "const s = new WebSocket('ws://127.0.0.1:%d/');".formatted(packing.port())
                    + "s.onopen = () => s.send('x'); s.onmessage = ({ data }) => { result = [data instanceof Uint8Array, data[0], data[1], typeof data.toString(), new Uint8Array(data.buffer.slice(0, 2))].join(); };"))
        .isEqualTo("true,31,139,string,31,139");
  }

  @Test
  void a_web_socket_that_can_not_be_opened_fails_and_closes() throws Exception {
    assertThat(
            scene.later(
                "const s = new WebSocket('ws://127.0.0.1:1/'); const seen = [];"
                    + "s.onerror = (e) => seen.push(e.message.length > 0);"
                    + "s.onclose = (e) => { seen.push(e.code); result = seen.join(); };"))
        .isEqualTo("true,1006");
    assertThat(scene.sockets).isEmpty();
  }

  @Test
  void a_web_socket_may_be_closed_before_it_is_open() throws Exception {
    assertThat(
            scene.later(
                "const s = new WebSocket('ws://127.0.0.1:%d/'); s.onclose = (e) => { result = s.readyState; }; s.close();"
                    .formatted(venue.port())))
        .isEqualTo("3");
  }

  @Test
  void nothing_is_read_while_the_owner_does_not_want_it() throws Exception {
    scene.setReading(false);
    scene.eval(
        "globalThis.seen = 0; globalThis.s = new WebSocket('ws://127.0.0.1:%d/'); s.onopen = () => s.send('1'); s.onmessage = () => { seen++; };"
            .formatted(venue.port()));
    await().until(() -> venue.framesSent() > 0);
    assertThat(scene.eval("seen")).isEqualTo("0");

    scene.setReading(true);

    await().untilAsserted(() -> assertThat(scene.eval("seen")).isEqualTo("1"));
  }

  @Test
  void requests_and_sockets_are_counted_against_the_owners_limit() throws Exception {
    world.pacedBy(new RateLimiter(1, Duration.ofMinutes(10)));
    try (ScriptScene paced = new ScriptScene(world, folder, null)) {
      assertThat(
              paced.later(
                  "fetch('http://127.0.0.1:%d/').then((r) => { result = r.status; })"
                      .formatted(venue.port())))
          .isEqualTo("200");

      paced.eval("fetch('http://127.0.0.1:%d/second')".formatted(venue.port()));
      paced.later("setTimeout(() => { result = 1; }, 50)");

      assertThat(venue.requests()).doesNotContainKey("/second");
    }
  }
}
