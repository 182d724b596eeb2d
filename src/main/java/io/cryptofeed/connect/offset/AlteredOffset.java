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
 * An offset that an operator set by hand, to replay or to skip trades on purpose. It is validated
 * before Connect stores it, because a task would silently ignore an offset that it cannot use. A
 * native exchange need not be configured; an exchange served by CCXT is known only while it is.
 *
 * @param partition the source partition that the offset belongs to
 * @param offset where the task is to resume
 * @param known the exchanges that the partition may name
 */
public record AlteredOffset(Map<String, ?> partition, Map<String, ?> offset, KnownExchanges known) {

  /**
   * The fault of the offset or its partition, with the cure.
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
            .map(id -> "has the exchange '%s', whose id is '%s'".formatted(name, id))
            .orElseGet(
                () ->
                    "has the unknown exchange '%s'; %s; an exchange served by CCXT is known while it is in '%s'"
                        .formatted(
                            name, Validators.meant(name, known.ids()), ConnectorKeys.EXCHANGES)));
  }

  private Optional<String> marketTypeFault() {
    return known.exchange(exchange()).marketTypes().contains(marketType())
        ? Optional.empty()
        : Optional.of(
            "has the market_type '%s', but exchange '%s' has only %s"
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

  /** CCXT requests historical trades by time; trade_id and trade_seq are optional. */
  private Optional<String> ccxtFault() {
    if (mode() != null) {
      return Optional.of(
          "has the trades_mode '%s', but exchange '%s' is served by CCXT, which has one trade stream: remove trades_mode"
              .formatted(mode(), exchange()));
    }
    return has(SourceOffset.EVENT_NS)
        ? Optional.empty()
        : Optional.of(
            "has no ts_event_ns, by which CCXT requests the trades of exchange '%s': add the time of the trade, in nanoseconds since the epoch"
                .formatted(exchange()));
  }

  /** Trade ids belong to one trade stream of the exchange. */
  private Optional<String> modeFault() {
    List<String> modes = venues().tradeModes(exchange());
    String mode = mode();
    if (mode == null) {
      return modes.isEmpty() || !(has(SourceOffset.TRADE_SEQUENCE) || has(SourceOffset.TRADE_ID))
          ? Optional.empty()
          : Optional.of(
              "names a trade without trades_mode, but exchange '%s' has several trade streams: add trades_mode, one of %s"
                  .formatted(exchange(), String.join(", ", modes)));
    }
    if (modes.contains(mode)) {
      return Optional.empty();
    }
    return Optional.of(
        modes.isEmpty()
            ? "has the trades_mode '%s', but exchange '%s' has one trade stream: remove trades_mode"
                .formatted(mode, exchange())
            : "has the trades_mode '%s', which exchange '%s' does not have; %s"
                .formatted(mode, exchange(), Validators.meant(mode, modes)));
  }

  private Optional<String> numberFault() {
    RereadableTrades trades = RereadableTrades.of(venues(), exchange(), mode());
    boolean consecutive = trades.numbering() == TradeNumbering.CONSECUTIVE;
    if (!has(SourceOffset.TRADE_SEQUENCE)) {
      return consecutive && has(SourceOffset.TRADE_ID)
          ? Optional.of(
              "has a trade_id without trade_seq, by which the trades of exchange '%s' are requested: add the id as trade_seq, too"
                  .formatted(exchange()))
          : Optional.empty();
    }
    if (!consecutive) {
      return Optional.of(
          "has a trade_seq, but exchange '%s' has no consecutive trade ids: set trade_id, ts_event_ns or both instead"
              .formatted(exchange()));
    }
    return trades.isByTime(marketType()) && !has(SourceOffset.EVENT_NS)
        ? Optional.of(
            "has a trade_seq without ts_event_ns, by which the trades of exchange '%s' are requested: add the time of the trade, in nanoseconds since the epoch"
                .formatted(exchange()))
        : Optional.empty();
  }

  /** A time of 0 means that the time is unknown. */
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
