package io.cryptofeed.connect.feed.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which instruments are streamed, in the virtual time of an embedded event loop. */
class ListingFollowerTest implements ListingFollower.Listener {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<RuntimeException> faults = new ArrayList<>();
  private final FeedLoop loop = new FeedLoop(channel.eventLoop(), faults::add);
  private final List<Consumer<List<Instrument>>> requests = new ArrayList<>();
  private final List<Runnable> preparations = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
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
    Consumer<List<Instrument>> outdated = requests.remove(0);
    follower.stop();
    outdated.accept(List.of(listed("BTC-USDT")));
    assertThat(preparations).isEmpty();

    follower.start();
    outdated.accept(List.of(listed("BTC-USDT")));
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

  private ListingFollower follower(Duration refreshInterval, String... symbols) {
    return new ListingFollower(
        "own",
        List.of(symbols),
        refreshInterval,
        new Random(7),
        loop,
        (instruments, then) -> preparations.add(then),
        requests::add,
        this);
  }

  private void respond(Instrument... listed) {
    requests.remove(0).accept(Arrays.asList(listed));
  }

  private void refresh(Instrument... listed) {
    channel.advanceTimeBy(10, TimeUnit.MINUTES);
    channel.runScheduledPendingTasks();
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

  private static Instrument listed(String symbol) {
    String[] pair = symbol.split("-");
    return new Instrument(
        "own", MarketType.SPOT, symbol, symbol, pair[0], pair[1], null, null, true);
  }
}
