package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions that look for fields in place of CCXT's own find what these find. */
@Tag("ccxt")
class CcxtFieldsTest {

  /** A class that compares them before it asks for its markets. */
  private static final String COMPARING =
      """
      ;ccxt.pro.backpack = class extends ccxt.pro.backpack {
        constructor(config) {
          super(config);
          this.own = {};
          for (const name of ['safeValue', 'safeString', 'safeString2', 'safeInteger']) {
            this.own[name] = this[name];
          }
        }
        async loadMarkets(anew) {
          const values = [undefined, null, '', 'x', '0', '12', '12.9', '-3.5', ' 7 ', '1e3', 'NaN',
            'Infinity', '12x', 0, -0, 12, 12.9, -3.5, 1e21, NaN, Infinity, true, false, {}, [], [5], () => 1];
          const objects = values.map((value) => ({ a: value, b: 'other' }));
          objects.push(undefined, null, '', 'text', 5, true, [4, 5], { b: '' }, { b: 9 });
          const shown = (value) => typeof value + ' ' + String(value);
          let compared = 0;
          for (const [name, own] of Object.entries(this.own)) {
            if (this[name] === own) {
              throw new ccxt.BadSymbol(name + ' is still its own');
            }
            for (const object of objects) {
              for (const key of ['a', 'b', 'length', 'c', 0, 1, undefined, null]) {
                for (const rest of [[], ['c'], ['b'], ['b', 'd'], [undefined, 1]]) {
                  const expected = own(object, key, ...rest);
                  const found = this[name](object, key, ...rest);
                  if (!Object.is(expected, found)) {
                    throw new ccxt.BadSymbol(name + ' of ' + JSON.stringify(object) + ' ' + key + ' '
                      + rest + ' is ' + shown(found) + ', but by CCXT ' + shown(expected));
                  }
                  compared++;
                }
              }
            }
          }
          console.warn('fields compared: ' + compared);
          return super.loadMarkets(anew);
        }
      };
      """;

  @TempDir private Path folder;

  @Test
  void every_field_is_found_as_ccxt_finds_it() throws Exception {
    SeenEvents seen = new SeenEvents();
    try (TradeVenue venue = TradeVenue.start(TradeExchange.BACKPACK, 1);
        CcxtWorld world = new CcxtWorld();
        CcxtEngine engine = CcxtEngine.open(ScriptScene.bundle(folder, bundle() + COMPARING));
        CcxtExchange exchange =
            CcxtExchange.start(
                engine, world.services(), CcxtWorld.options("backpack", venue.port()), seen)) {
      assertThat(CcxtWorld.await(exchange.loadMarkets())).isNotEmpty();
    }
    assertThat(seen.broken).isEmpty();
  }

  private String bundle() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            getClass().getClassLoader().getResourceAsStream(CcxtBundle.RESOURCE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
