package io.cryptofeed.connect.offset;

import io.cryptofeed.connect.config.ConnectorKeys;
import io.cryptofeed.connect.config.KnownExchange;
import io.cryptofeed.connect.config.KnownExchanges;
import io.cryptofeed.connect.config.Validators;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.record.SourceOffset;
import io.cryptofeed.connect.record.SourcePartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An offset that an operator set by hand, so that trades are read again, or passed over, on
 * purpose. It is judged before it is kept, since a task would silently pass over what it cannot
 * use. An exchange with a profile need not be configured any more; one that CCXT serves is known as
 * long as it is.
 *
 * @param partition whose offset it is
 * @param offset from where the task is to go on
 * @param known the exchanges that can be named
 */
public record AlteredOffset(Map<String, ?> partition, Map<String, ?> offset, KnownExchanges known) {

  /**
   * What is wrong with it, in a sentence with the cure.
   *
   * @return empty when a task can resume from it
   */
  public Optional<String> fault() {
    return SourcePartition.fault(partition)
        .or(this::exchangeFault)
        .or(this::marketTypeFault)
        .map(fault -> "the partition " + partition + " " + fault)
        .or(
            () ->
                SourceOffset.fault(channel(), offset)
                    .or(this::tradesFault)
                    .map(fault -> "the offset of " + partition + " " + fault));
  }

  private Optional<String> exchangeFault() {
    String name = exchange();
    if (known.ids().contains(name)) {
      return Optional.empty();
    }
    return Optional.of(
        known
            .idOf(name)
            .map(id -> "has the exchange '%s', which is written '%s' here".formatted(name, id))
            .orElseGet(
                () ->
                    "has the unknown exchange '%s'; %s; one that CCXT serves is known while it is in '%s'"
                        .formatted(
                            name, Validators.meant(name, known.ids()), ConnectorKeys.EXCHANGES)));
  }

  private Optional<String> marketTypeFault() {
    return known.exchange(exchange()).marketTypes().contains(marketType())
        ? Optional.empty()
        : Optional.of(
            "has the market_type '%s', and exchange '%s' lists %s"
                .formatted(
                    marketType().code(),
                    exchange(),
                    new TreeSet<>(known.exchange(exchange()).marketTypes())
                        .stream().map(MarketType::code).collect(Collectors.joining(", "))));
  }

  private Optional<String> tradesFault() {
    if (channel() != Channel.TRADES) {
      return Optional.empty();
    }
    return known.exchange(exchange()) instanceof KnownExchange.Ccxt
        ? ccxtFault()
        : modeFault().or(this::numberFault);
  }

  /** CCXT asks for past trades by their time; what else is known of the last one may be given. */
  private Optional<String> ccxtFault() {
    if (mode() != null) {
      return Optional.of(
          "has the trades_mode '%s', and exchange '%s' is served by CCXT, which has one trade stream: leave trades_mode out"
              .formatted(mode(), exchange()));
    }
    return has(SourceOffset.EVENT_NS)
        ? Optional.empty()
        : Optional.of(
            "has no ts_event_ns, by which CCXT finds the trades of exchange '%s': add the time of that trade, in nanoseconds since the epoch"
                .formatted(exchange()));
  }

  /** Numbers are looked up in the stream that they count, and in no other. */
  private Optional<String> modeFault() {
    List<String> modes = venues().tradeModes(exchange());
    String mode = mode();
    if (mode == null) {
      return modes.isEmpty() || !(has(SourceOffset.TRADE_SEQUENCE) || has(SourceOffset.TRADE_ID))
          ? Optional.empty()
          : Optional.of(
              "names a trade without trades_mode, and exchange '%s' has several trade streams: add the one of %s that it is of"
                  .formatted(exchange(), String.join(", ", modes)));
    }
    if (modes.contains(mode)) {
      return Optional.empty();
    }
    return Optional.of(
        modes.isEmpty()
            ? "has the trades_mode '%s', and exchange '%s' has one trade stream: leave trades_mode out"
                .formatted(mode, exchange())
            : "has the trades_mode '%s', which exchange '%s' does not have; %s"
                .formatted(mode, exchange(), Validators.meant(mode, modes)));
  }

  private Optional<String> numberFault() {
    RereadableTrades replay = RereadableTrades.of(venues(), exchange(), mode());
    boolean consecutive = replay.numbering() == TradeNumbering.CONSECUTIVE;
    if (!has(SourceOffset.TRADE_SEQUENCE)) {
      return consecutive && has(SourceOffset.TRADE_ID)
          ? Optional.of(
              "has a trade_id without trade_seq, by which exchange '%s' finds its trades: give the id as trade_seq, too"
                  .formatted(exchange()))
          : Optional.empty();
    }
    if (!consecutive) {
      return Optional.of(
          "has a trade_seq, and exchange '%s' does not number its trades one by one: give trade_id, ts_event_ns or both instead"
              .formatted(exchange()));
    }
    return replay.isByTime(marketType()) && !has(SourceOffset.EVENT_NS)
        ? Optional.of(
            "has a trade_seq without ts_event_ns, by which exchange '%s' finds its trades: add the time of that trade, in nanoseconds since the epoch"
                .formatted(exchange()))
        : Optional.empty();
  }

  /** A time of 0 is one that is not known. */
  private boolean has(String key) {
    return offset.containsKey(key)
        && !(key.equals(SourceOffset.EVENT_NS)
            && offset.get(key) instanceof Number time
            && time.longValue() == 0);
  }

  private Venues venues() {
    return known.venues();
  }

  private @Nullable String mode() {
    return (String) offset.get(SourceOffset.TRADES_MODE);
  }

  private String exchange() {
    return String.valueOf(partition.get(SourcePartition.EXCHANGE));
  }

  private MarketType marketType() {
    return SourcePartition.marketType(partition).orElseThrow();
  }

  private Channel channel() {
    return SourcePartition.channel(partition).orElseThrow();
  }
}
