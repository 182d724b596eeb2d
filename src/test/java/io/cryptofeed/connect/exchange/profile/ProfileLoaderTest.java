package io.cryptofeed.connect.exchange.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cryptofeed.connect.exchange.ProfileChecks;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.market.Channels;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A profile that cannot be right is refused when it is loaded, with its file and line. */
public class ProfileLoaderTest {

  public static final String GOOD =
      """
      venue: example
      name: Example
      endpoints:
        live: {websocket: "wss://example.com/ws", rest: "https://example.com"}
      limits:
        streams_per_connection: 10
        sent_frames: {permits: 1, window: 1s}
        connects: {permits: 1, window: 1s}
        rest_weight: {permits: 1, window: 1s}
      liveness:
        max_silence: 60s
        compression: false
      subscribe:
        mode: list
        symbol_case: lower
        per_frame: 10
        frame: {op: sub, args: "#streams", id: "#id"}
        unsubscribe: {op: unsub, args: "#streams", id: "#id"}
        streams: {trades: "{symbol}@trade", l2_book: "{symbol}@depth"}
      messages:
        - kind: trade
          when: {/e: trade}
          symbol: /s
          id: /t
          numbering: consecutive
          price: /p
          size: /q
          side: {at: /m, of: taker, words: {b: buy, s: sell}}
          time: {at: /T, unit: ms}
        - kind: book_delta
          when: {/e: depth}
          symbol: /s
          first: /U
          last: /u
          bids: /b
          asks: /a
          levels: {form: array, price: 0, size: 1}
        - kind: confirmation
          when: {/ok: {present: true}}
          request: /id
      book:
        source: rest
        link: step_overlap
        snapshot: {path: "/depth?s={symbol}", weight: 1, max_response: 1MiB, last: /u, bids: /b, asks: /a, levels: {form: array, price: 0, size: 1}}
      instruments:
        path: /symbols
        weight: 1
        max_response: 1MiB
        rows: /rows
        symbol: /s
        base: /b
        quote: /q
        active: {/status: on}
        market_type: spot
      history:
        path: "/trades?s={symbol}&from={cursor}"
        paging: from_id
        page: 100
        weight: 2
        max_response: 2MiB
        reach: 48h
        rows: /list
        id: i
        price: p
        size: q
        side: {at: m, of: maker, words: {b: buy, s: sell}}
        time: {at: T, unit: s}
      """;

  public static Profile load(String yaml) {
    ProfileNode root =
        ProfileNode.parse(
            "example.yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    Profile profile = ProfileLoader.load(root, Channels.BUILT_IN);
    ProfileChecks.check(profile, root, Channels.BUILT_IN);
    return profile;
  }

  @Test
  void a_good_profile_is_accepted() {
    assertThat(load(GOOD).id()).isEqualTo("example");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            "venue: example",
            "venue: Exam-ple",
            "1: an exchange's id consists of lower-case letters"),
        arguments("name: Example", "nam: Example", "2: unknown key 'nam' in 'profile'; known are"),
        arguments("name: Example", "", "1: 'profile' needs a key 'name'"),
        arguments(
            "market_type: spot",
            "market_type: sport",
            "54: unknown market_type 'sport'; known are spot, perp"),
        arguments(
            "venue: example", "venue: profiles", "1: an exchange cannot be called 'profiles'"),
        arguments(
            "name: Example",
            "extends: other",
            "2: 'extends' is allowed only in a profile of exchange.profiles.path"),
        arguments(
            "{trades: \"{symbol}@trade\", l2_book: \"{symbol}@depth\"}",
            "{}",
            "19: 'streams' needs at least one channel"),
        arguments(
            "trades: \"{symbol}@trade\"",
            "trades: {Raw: \"{symbol}@trade\"}",
            "19: a mode consists of lower-case letters, digits, '_', '.' and '-', not 'Raw'"),
        arguments(
            "trades: \"{symbol}@trade\"",
            "trades: {}",
            "19: a channel needs the name of its stream"),
        arguments("market_type: spot", "market_type: future", "46: futures need an 'expiry'"),
        arguments(
            "market_type: spot", "market_type: {at: /t}", "54: 'market_type' needs a key 'words'"),
        arguments(
            "wss://example.com/ws",
            "https://example.com/ws",
            "4: 'https://example.com/ws' is not a URL that starts with wss://"),
        arguments(
            "https://example.com\"",
            "nowhere\"",
            "4: 'nowhere' is not a URL that starts with https://"),
        arguments(
            "https://example.com\"", "https://exa mple\"", "4: 'https://exa mple' is not a URL"),
        arguments(
            "streams_per_connection: 10",
            "streams_per_connection: 0",
            "6: 'streams_per_connection' must be at least 1"),
        arguments(
            "streams_per_connection: 10",
            "streams_per_connection: -1",
            "6: 'streams_per_connection' must be a whole number, not '-1'"),
        arguments(
            "sent_frames: {permits: 1,",
            "sent_frames: {permits: 0,",
            "7: 'permits' must be at least 1"),
        arguments(
            "connects: {permits: 1, window: 1s}",
            "connects: {permits: 1, window: 0s}",
            "8: 'window' must be a duration such as 500ms, 20s, 5m or 24h, more than zero, not '0s'"),
        arguments("max_silence: 60s", "max_silence: 60", "11: 'max_silence' must be a duration"),
        arguments(
            "max_silence: 60s",
            "max_silence: 60w",
            "11: 'max_silence' must be a duration such as 500ms, 20s, 5m or 24h, more than zero,"
                + " not '60w'"),
        arguments(
            "compression: false",
            "compression: no",
            "12: 'compression' must be true or false, not 'no'"),
        arguments(
            "compression: false", "first_data: {candles: 1s}", "12: unknown channel 'candles'"),
        arguments(
            "mode: list",
            "mode: one_by_one",
            "14: unknown mode 'one_by_one'; known are list, list_per_channel"),
        arguments("symbol_case: lower", "symbol_case: camel", "15: unknown symbol_case 'camel'"),
        arguments(
            "args: \"#streams\", id: \"#id\"}",
            "args: \"#stremas\", id: \"#id\"}",
            "17: unknown placeholder '#stremas'; known are #streams, #stream, #arguments, #symbols,"),
        arguments(
            "args: \"#streams\", id: \"#id\"}",
            "args: \"#stream\", id: \"#id\"}",
            "17: a placeholder #stream needs 'per_frame: 1'"),
        arguments(
            "compression: false",
            "compression: false\n  ping: ping",
            "11: 'ping' needs 'ping_interval'"),
        arguments(
            "frame: {op: sub, args: \"#streams\", id",
            "frame: {op: sub, id",
            "17: mode list needs a placeholder #streams, #arguments or #stream in each frame"),
        arguments(
            "frame: {op: sub, args: \"#streams\", id: \"#id\"}",
            "frame: {op: sub, args: \"#streams\"}",
            "17: a confirmation by its request needs a placeholder #id or #id_text in the frame"),
        arguments(
            "unsubscribe: {op: unsub, args: \"#streams\", id: \"#id\"}",
            "unsubscribe: {args: \"#streams\"}",
            "18: a confirmation by its request needs a placeholder #id or #id_text in the frame"),
        arguments(
            "frame: {op: sub, args: \"#streams\", id: \"#id\"}",
            "frame: subscribe",
            "17: a frame must be a mapping"),
        arguments(
            "trades: \"{symbol}@trade\"",
            "trades: \"trade\"",
            "19: the name of a stream needs a placeholder {symbol}: 'trade'"),
        arguments(
            "l2_book: \"{symbol}@depth\"",
            "l2_book: {a: \"@a\"}",
            "19: the name of a stream needs a placeholder {symbol}: '@a'"),
        arguments(
            "streams: {trades: \"{symbol}@trade\", l2_book: \"{symbol}@depth\"}",
            "streams: {trades: {a: \"{symbol}@t\"}, l2_book: {a: \"{symbol}@a\"}}",
            "19: mode 'a' belongs to two channels"),
        arguments(
            "l2_book: \"{symbol}@depth\"",
            "quotes: \"{symbol}@bbo\"",
            "21: no message of kind quote"),
        arguments(
            "l2_book: \"{symbol}@depth\"",
            "l3_book: \"{symbol}@depth\"",
            "19: unknown channel 'l3_book'"),
        arguments(
            "kind: trade",
            "kind: trades",
            "21: unknown kind 'trades'; known are trade, book_snapshot"),
        arguments(
            "when: {/e: trade}",
            "mode: raw\n    when: {/e: trade}",
            "21: mode 'raw' is not a mode of 'streams'"),
        arguments("when: {/e: trade}", "when: {}", "22: 'when' needs at least one test"),
        arguments(
            "when: {/e: trade}", "when: {e: trade}", "22: a pointer starts with '/', not 'e'"),
        arguments("when: {/e: trade}", "when: {/e: {sufix: x}}", "22: unknown key 'sufix' in '/e'"),
        arguments(
            "when: {/e: trade}", "when: {/e: {present: false}}", "22: 'present' can only be true"),
        arguments(
            "symbol: /s",
            "symbl: /s",
            "23: unknown key 'symbl' in 'messages'; known are kind, mode"),
        arguments("price: /p", "", "21: 'messages' needs a key 'price'"),
        arguments("price: /p", "price: p", "26: 'price': a pointer starts with '/', not 'p'"),
        arguments(
            "price: /p",
            "price: /p/0",
            "26: 'price': a pointer consists of field names, not of positions"),
        arguments("price: /p", "price: [/p]", "26: 'price' must be a single value"),
        arguments(
            "words: {b: buy, s: sell}",
            "words: {'b}': buy}",
            "21: 'b}' cannot be a word of a message"),
        arguments("of: taker", "of: broker", "28: unknown of 'broker'; known are taker, maker"),
        arguments(
            "words: {b: buy, s: sell}",
            "words: {b: bid, s: sell}",
            "28: unknown b 'bid'; known are buy, sell, unknown"),
        arguments(
            "unit: ms",
            "unit: fortnights",
            "29: unknown unit 'fortnights'; known are s, ms, us, ns, iso"),
        arguments(
            "when: {/e: depth}",
            "when: {/e: trade}",
            "30: 'when' is the same as that of the message in line 21"),
        arguments("first: /U", "", "30: link step_overlap needs 'first'"),
        arguments("last: /u\n    bids: /b", "bids: /b", "30: 'first' and 'previous' need 'last'"),
        arguments("link: step_overlap", "link: previous", "30: link previous needs 'previous'"),
        arguments(
            "link: step_overlap",
            "link: connection",
            "42: link connection needs a 'connection_sequence'"),
        arguments(
            "link: step_overlap",
            "link: step_overlap\n  checksum: {form: digits, levels: 10}",
            "42: 'checksum' needs a 'checksum' in each message"),
        arguments(
            "link: step_overlap",
            "link: step_overlap\n  depths: [10, 5]\n  depth: 5",
            "44: 'depths' must be in ascending order"),
        arguments(
            "link: step_overlap",
            "link: step_overlap\n  depths: [5, 10]",
            "42: 'depths' needs a 'depth' that is one of its values"),
        arguments(
            "symbol: /s",
            "symbol: {at: /s, split: '::', part: 0}",
            "23: 'split' must be one character, not '::'"),
        arguments(
            "size: /q", "size: {at: /q, times: -1}", "27: 'times' must be above zero, not '-1'"),
        arguments(
            "when: {/e: trade}",
            "when: {'/e/*/x': trade}",
            "22: a test looks into a list that is not among the 'rows'"),
        arguments(
            "asks: /a\n    levels", "levels", "30: levels without 'side' need 'bids' and 'asks'"),
        arguments(
            "levels: {form: array, price: 0, size: 1}\n  -",
            "levels: {form: array, side: {at: 2, words: {b: bid}}, price: 0, size: 1}\n  -",
            "30: levels with 'side' need 'changes'"),
        arguments(
            "levels: {form: array, price: 0, size: 1}\n  -",
            "levels: {form: array, price: 0, size: 0}\n  -",
            "37: two parts of a level are at one place"),
        arguments(
            "levels: {form: array, price: 0, size: 1}\n  -",
            "levels: {form: heap, price: 0, size: 1}\n  -",
            "37: unknown form 'heap'; known are array, object, single"),
        arguments(
            "source: rest",
            "source: carrier_pigeon",
            "42: unknown source 'carrier_pigeon'; known are stream, stream_or_rest, rest, request, every"),
        arguments(
            "source: rest", "source: stream", "42: source stream does not allow a 'snapshot'"),
        arguments(
            "link: step_overlap",
            "link: chain",
            "43: unknown link 'chain'; known are none, connection, previous, step, step_overlap"),
        arguments(
            "/depth?s={symbol}", "/depth", "44: the path needs a placeholder {symbol}: '/depth'"),
        arguments(
            "weight: 1, max_response",
            "weight: 0, max_response",
            "44: 'weight' must be at least 1"),
        arguments("last: /u, bids", "bids", "44: link step_overlap needs 'last'"),
        arguments("path: /symbols", "path: symbols", "46: a path starts with '/', not 'symbols'"),
        arguments(
            "max_response: 1MiB\n  rows",
            "max_response: 1MB\n  rows",
            "48: 'max_response' has an unknown unit"),
        arguments(
            "max_response: 1MiB\n  rows",
            "max_response: 4000MiB\n  rows",
            "48: 'max_response' is too large"),
        arguments(
            "quote: /q",
            "quote: /q\n  tick_size: {in: /f, at: /t}",
            "53: 'in' and 'where' need each other"),
        arguments(
            "  active: {/status: on}",
            "  active: {status: on}",
            "53: a pointer starts with '/', not 'status'"),
        arguments(
            "from={cursor}",
            "from=1",
            "56: with paging from_id the path needs a placeholder {cursor}: '/trades?s={symbol}&from=1'"),
        arguments(
            "paging: from_id",
            "paging: newest",
            "56: with paging newest the path cannot contain {cursor}: '/trades?s="),
        arguments(
            "s={symbol}&from",
            "from",
            "56: the path needs a placeholder {symbol}: '/trades?from={cursor}'"),
        arguments(
            "path: \"/trades", "path: \"trades", "56: a path starts with '/', not 'trades?s="),
        arguments(
            "paging: from_id",
            "paging: by_ear",
            "57: unknown paging 'by_ear'; known are from_id, before_id, from_time, offset, newest"),
        arguments("page: 100", "page: 0", "58: 'page' must be at least 1"),
        arguments("weight: 2", "weight: none", "59: 'weight' must be a whole number, not 'none'"),
        arguments(
            "reach: 48h",
            "reach: 2w",
            "61: 'reach' must be a duration such as 500ms, 20s, 5m or 24h, more than zero,"
                + " not '2w'"),
        arguments(
            "reach: 48h",
            "cursor_unit: ms",
            "61: 'cursor_unit' is allowed only with paging from_time"),
        arguments("reach: 48h", "mode: raw", "61: 'raw' is not a mode of trades"),
        arguments("reach: 48h", "market_types: [swap]", "61: unknown market_types 'swap'"),
        arguments(
            "reach: 48h",
            "symbol: {text: \"{base}\"}",
            "61: a symbol needs the placeholders {base} and {quote}: '{base}'"),
        arguments("reach: 48h", "symbol: /s", "61: 'symbol' must be a mapping"),
        arguments("rows: /list", "", "56: 'history' needs a key 'rows'"),
        arguments(
            "id: i", "numbering: consecutive", "63: unknown key 'numbering' in 'history'; known"),
        arguments(
            "of: maker, words: {b: buy",
            "of: maker, words: {'b}': buy",
            "56: 'b}' cannot be a word of a message"),
        arguments(
            "unit: s}", "unit: s, optional: true}", "67: the time of a trade is not optional"),
        arguments(
            "numbering: consecutive",
            "numbering: increasing",
            "57: paging from_id needs trades whose numbering is consecutive;"
                + " with increasing, only newest can be used"),
        arguments("name: Example", "name: Example\nname: Example", "3: key 'name' occurs twice"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void an_invalid_profile_is_rejected_with_its_line(String good, String bad, String complaint) {
    int at = GOOD.indexOf(good);
    assertThat(at).isNotNegative();
    String yaml = GOOD.substring(0, at) + bad + GOOD.substring(at + good.length());

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load(yaml))
        .withMessageStartingWith("example.yaml:" + complaint);
  }

  @Test
  void every_trades_mode_needs_a_message() {
    String yaml =
        GOOD.replace(
                "trades: \"{symbol}@trade\"", "trades: {raw: \"{symbol}@t\", agg: \"{symbol}@a\"}")
            .replace("when: {/e: trade}", "mode: raw\n    when: {/e: trade}");

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load(yaml))
        .withMessage("example.yaml:21: no message of kind trade in mode 'agg'");
  }

  @Test
  void all_trades_of_a_stream_have_one_numbering() {
    String another =
        """
          - kind: trade
            when: {/e: late}
            symbol: /s
            id: /t
            numbering: unordered
            price: /p
            size: /q
            side: {at: /m, of: taker, words: {b: buy, s: sell}}
            time: {at: /T, unit: ms}
        book:
        """;

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load(GOOD.replace("book:\n", another)))
        .withMessage(
            "example.yaml:45: all trades of a stream must have one numbering: this one is unordered,"
                + " the one before is consecutive");
  }

  @Test
  void an_empty_list_of_histories_is_rejected() {
    String yaml = GOOD.substring(0, GOOD.indexOf("history:")) + "history: []\n";

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load(yaml))
        .withMessage("example.yaml:55: 'history' needs at least one request");
  }

  @Test
  void levels_of_different_form_at_one_place_are_rejected() {
    String yaml =
        GOOD.replace(
            "  - kind: confirmation",
            """
              - kind: book_snapshot
                when: {/e: all}
                symbol: /s
                bids: /b
                asks: /a
                levels: {form: array, price: 1, size: 0}
              - kind: confirmation\
            """);

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load(yaml))
        .withMessage("example.yaml:21: two kinds of message read levels of different form at /b");
  }

  @Test
  void a_file_that_is_not_yaml_is_rejected_with_its_line() {
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load("venue: a\nx: [1, 2\ny: 3\n"))
        .withMessageMatching("example.yaml:3: not YAML: expected ',' or ']', but got .{1,8}");
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load(""))
        .withMessage("example.yaml:1: the profile is empty");
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load("a: 1\n---\nb: 2\n"))
        .withMessage("example.yaml:2: a second document; a file holds one");
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> load("a: &x 1\nb: *x\n"))
        .withMessage("example.yaml:2: aliases are not allowed; write the value out");
  }
}
