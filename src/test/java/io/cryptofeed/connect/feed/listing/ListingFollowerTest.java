package io.cryptofeed.connect.feed.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.InstrumentOffsets;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import io.netty.channel.embedded.EmbeddedChannel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which instruments are streamed, in the virtual time of an embedded event loop. */
class ListingFollowerTest implements ListingFollower.Listener {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<RuntimeException> faults = new ArrayList<>();
  private final FeedLoop loop = new FeedLoop(channel.eventLoop(), faults::add);
  private final List<Consumer<Listing>> requests = new ArrayList<>();
  private final List<Runnable> preparations = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final Set<String> committed = new HashSet<>();
  private boolean missingIsFatal;

  @Test
  void streams_the_listed_symbols_and_reports_the_missing_ones() {
    ListingFollower follower = follower(Duration.ZERO, "BTC-USDT", "XYZ-USDT");
    follower.start();
    respond(listed("BTC-USDT"), listed("ETH-USDT"));
    prepare();

    assertThat(events).containsExactly("missing [XYZ-USDT]", "added [BTC-USDT]");
    channel.advanceTimeBy(1, TimeUnit.DAYS);
    channel.runScheduledPendingTasks();
    assertThat(requests).isEmpty();
  }

  @Test
  void streams_nothing_if_a_missing_symbol_is_fatal() {
    missingIsFatal = true;
    ListingFollower follower = follower(Duration.ofMinutes(10), "BTC-USDT", "XYZ-USDT");
    loop.run(follower::start);
    channel.runPendingTasks();
    loop.run(() -> respond(listed("BTC-USDT")));
    channel.runPendingTasks();

    assertThat(faults).singleElement().satisfies(fault -> assertThat(fault).hasMessage("fatal"));
    assertThat(preparations).isEmpty();
  }

  @Test
  void follows_what_is_listed_and_delisted() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "*-USDT");
    follower.start();
    respond(listed("BTC-USDT"), listed("ETH-USDT"));
    prepare();

    refresh(listed("ETH-USDT"), listed("SOL-USDT"));
    prepare();

    assertThat(events)
        .containsExactly(
            "added [BTC-USDT, ETH-USDT]", "removed BTC-USDT", "newly listed [SOL-USDT]");
  }

  @Test
  void an_instrument_that_is_delisted_while_it_is_prepared_is_not_streamed() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "*-USDT");
    follower.start();
    respond(listed("BTC-USDT"));
    prepare();
    refresh(listed("BTC-USDT"), listed("SOL-USDT"));

    refresh(listed("BTC-USDT"));
    prepare();

    assertThat(events).containsExactly("added [BTC-USDT]", "removed SOL-USDT");
  }

  @Test
  void a_response_from_before_a_new_start_is_ignored() {
    ListingFollower follower = follower(Duration.ZERO, "BTC-USDT");
    follower.start();
    Consumer<Listing> outdated = requests.remove(0);
    follower.stop();
    outdated.accept(Listing.of(List.of(listed("BTC-USDT"))));
    assertThat(preparations).isEmpty();

    follower.start();
    outdated.accept(Listing.of(List.of(listed("BTC-USDT"))));
    assertThat(preparations).isEmpty();
    respond(listed("BTC-USDT"));
    prepare();

    assertThat(events).containsExactly("added [BTC-USDT]");
  }

  @Test
  void nothing_is_requested_after_a_stop() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "BTC-USDT");
    follower.start();
    respond(listed("BTC-USDT"));

    follower.stop();
    channel.advanceTimeBy(1, TimeUnit.DAYS);
    channel.runScheduledPendingTasks();

    assertThat(requests).isEmpty();
  }

  @Test
  void a_halt_keeps_the_stream_and_its_end_is_noticed_soon() {
    ListingFollower follower = follower(Duration.ofHours(1), "*-USDT");
    follower.start();
    respond(listed("BTC-USDT"), listed("ETH-USDT"));
    prepare();

    pass(Duration.ofHours(1));
    respond(listed("BTC-USDT", TradingState.HALTED), listed("ETH-USDT"));
    pass(Duration.ofMinutes(1));
    respond(listed("BTC-USDT", TradingState.HALTED), listed("ETH-USDT"));
    pass(Duration.ofMinutes(1));
    assertThat(requests).as("the next one after two minutes").isEmpty();
    pass(Duration.ofMinutes(1));
    respond(listed("BTC-USDT"), listed("ETH-USDT"));

    assertThat(events)
        .containsExactly("added [BTC-USDT, ETH-USDT]", "halted BTC-USDT", "resumed BTC-USDT");
    pass(Duration.ofMinutes(50));
    assertThat(requests).isEmpty();
  }

  @Test
  void a_halt_that_ends_in_a_delisting_ends_the_stream() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "BTC-USDT");
    follower.start();
    respond(listed("BTC-USDT", TradingState.HALTED));
    prepare();

    pass(Duration.ofMinutes(1));
    respond(listed("BTC-USDT", TradingState.ENDED));

    assertThat(events).containsExactly("added [BTC-USDT]", "halted BTC-USDT", "removed BTC-USDT");
  }

  @Test
  void a_pattern_takes_a_halted_instrument_only_if_it_was_streamed_before() {
    committed.add("own.spot.BTC-USDT");
    ListingFollower follower = follower(Duration.ofMinutes(10), "*-USDT");
    follower.start();
    respond(
        listed("OLD-USDT", TradingState.HALTED),
        listed("BTC-USDT", TradingState.HALTED),
        listed("END-USDT", TradingState.ENDED),
        listed("ETH-USDT"));
    prepare();

    pass(Duration.ofMinutes(1));
    respond(listed("OLD-USDT"), listed("BTC-USDT"), listed("ETH-USDT"));
    prepare();

    assertThat(events)
        .containsExactly(
            "added [BTC-USDT, ETH-USDT]",
            "halted BTC-USDT",
            "resumed BTC-USDT",
            "newly listed [OLD-USDT]");
  }

  @Test
  void a_symbol_that_was_streamed_before_is_delisted_and_the_others_go_on() {
    missingIsFatal = true;
    committed.addAll(
        List.of("own.spot.XYZ-USDT", "own.perpetual.ETH-USDT-PERP", "own.spot.AAPLx-USD"));
    ListingFollower follower =
        follower(
            Duration.ofMinutes(10), "BTC-USDT", "XYZ-USDT", "ETH-USDT-PERP", "AAPLX-USD", "E-USD");
    committed.add("own.spot.E-USD");
    follower.start();
    respond(listed("BTC-USDT"), listed("E-USD", TradingState.ENDED));
    prepare();

    refresh(listed("BTC-USDT"), listed("XYZ-USDT"));
    prepare();

    assertThat(events)
        .containsExactly(
            "delisted before own.spot.XYZ-USDT",
            "delisted before own.perpetual.ETH-USDT-PERP",
            "delisted before own.spot.AAPLx-USD",
            "delisted before own.spot.E-USD",
            "added [BTC-USDT]",
            "newly listed [XYZ-USDT]");
  }

  @Test
  void an_unlisted_symbol_is_streamed_as_soon_as_it_is_listed() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "BTC-USDT", "NEW-USDT");
    follower.start();
    respond(listed("BTC-USDT"));
    prepare();

    refresh(listed("BTC-USDT"), listed("NEW-USDT", TradingState.HALTED));
    refresh(listed("BTC-USDT"), listed("NEW-USDT"));
    prepare();

    assertThat(events)
        .containsExactly("missing [NEW-USDT]", "added [BTC-USDT]", "newly listed [NEW-USDT]");
  }

  @Test
  void nothing_is_missing_or_delisted_while_a_list_is_missing() {
    ListingFollower follower = follower(Duration.ZERO, "BTC-USDT", "ETH-USDT", "XYZ-USDT");
    follower.start();
    requests.remove(0).accept(new Listing(List.of(listed("BTC-USDT")), Set.of(), false));
    prepare();
    assertThat(events).containsExactly("added [BTC-USDT]");

    pass(Duration.ofMinutes(1));
    requests.remove(0).accept(new Listing(List.of(listed("ETH-USDT")), Set.of(), false));
    prepare();
    pass(Duration.ofMinutes(1));
    respond(listed("BTC-USDT"), listed("ETH-USDT"));

    assertThat(events)
        .containsExactly("added [BTC-USDT]", "newly listed [ETH-USDT]", "missing [XYZ-USDT]");
  }

  @Test
  void an_instrument_whose_row_cannot_be_read_is_kept() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "*-USDT");
    follower.start();
    respond(listed("BTC-USDT"), listed("ETH-USDT"));
    prepare();

    pass(Duration.ofMinutes(10));
    requests.remove(0).accept(new Listing(List.of(listed("ETH-USDT")), Set.of("BTCUSDT"), true));

    assertThat(events).containsExactly("added [BTC-USDT, ETH-USDT]");
  }

  @Test
  void a_new_tick_size_changes_no_stream() {
    ListingFollower follower = follower(Duration.ofMinutes(10), "*-USDT");
    follower.start();
    respond(listed("BTC-USDT", TradingState.TRADING, "0.1"));
    prepare();

    refresh(listed("BTC-USDT", TradingState.TRADING, "0.01"));
    refresh(listed("ETH-USDT"));
    prepare();

    assertThat(events)
        .containsExactly("added [BTC-USDT]", "removed BTC-USDT", "newly listed [ETH-USDT]");
  }

  private ListingFollower follower(Duration refreshInterval, String... symbols) {
    return new ListingFollower(
        "own",
        List.of(symbols),
        refreshInterval,
        new Random(7),
        loop,
        new InstrumentOffsets() {
          @Override
          public void prepare(List<Instrument> instruments, Runnable then) {
            preparations.add(then);
          }

          @Override
          public void known(List<Instrument> candidates, Consumer<Set<Instrument>> then) {
            then.accept(
                candidates.stream()
                    .filter(candidate -> committed.contains(candidate.key()))
                    .collect(Collectors.toSet()));
          }
        },
        requests::add,
        this);
  }

  private void respond(Instrument... listed) {
    requests.remove(0).accept(Listing.of(Arrays.asList(listed)));
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private void refresh(Instrument... listed) {
    pass(Duration.ofMinutes(10));
    respond(listed);
  }

  private void prepare() {
    preparations.forEach(Runnable::run);
    preparations.clear();
  }

  @Override
  public void onMissing(SymbolResolution resolution) {
    if (missingIsFatal) {
      throw new IllegalStateException("fatal");
    }
    events.add("missing " + resolution.missing());
  }

  @Override
  public void onAdded(List<Instrument> instruments, boolean newlyListed) {
    List<String> symbols = instruments.stream().map(Instrument::symbol).toList();
    events.add((newlyListed ? "newly listed " : "added ") + symbols);
  }

  @Override
  public void onRemoved(Instrument instrument, String reason) {
    events.add("removed " + instrument.symbol());
  }

  @Override
  public void onDelistedBefore(Instrument instrument) {
    events.add("delisted before " + instrument.key());
  }

  @Override
  public void onHalted(Instrument instrument) {
    events.add("halted " + instrument.symbol());
  }

  @Override
  public void onResumed(Instrument instrument) {
    events.add("resumed " + instrument.symbol());
  }

  private static Instrument listed(String symbol) {
    return listed(symbol, TradingState.TRADING);
  }

  private static Instrument listed(String symbol, TradingState state) {
    return listed(symbol, state, "0.1");
  }

  private static Instrument listed(String symbol, TradingState state, String tickSize) {
    String[] pair = symbol.split("-");
    return new Instrument(
        "own",
        MarketType.SPOT,
        symbol,
        pair[0] + pair[1],
        pair[0],
        pair[1],
        new BigDecimal(tickSize),
        null,
        SizeUnit.BASE,
        null,
        state,
        null);
  }
}
