package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.FieldRules.BookLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.Fills;
import io.cryptofeed.connect.exchange.profile.FieldRules.IdRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SideRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SizeRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SymbolRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TradeLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.ValueRule;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One kind of message of a venue: how it is recognised, and where its values are. */
public sealed interface MessageRule
    permits MessageRule.OfTrade,
        MessageRule.OfBook,
        MessageRule.OfObservation,
        MessageRule.OfHeartbeat,
        MessageRule.Ignored,
        ControlRule {

  /** How the message is recognised, and in which modes it exists. */
  Recognition recognition();

  /** Every pointer that is read, without the conditions of the recognition. */
  List<Pointer> reads();

  /** The list whose elements are one event each; null if the message is one event. */
  default @Nullable Pointer rows() {
    return null;
  }

  /**
   * How a message is recognised.
   *
   * @param tests the conditions, all of which must hold
   * @param mode the mode of a channel in which the message is read, null for all
   * @param line the line of the profile, from 1
   */
  record Recognition(List<FieldCondition> tests, @Nullable String mode, int line) {

    /** Recognises every message: a response can be of one kind only. */
    public static final Recognition NONE_NEEDED = new Recognition(List.of(), null, 0);

    public Recognition {
      tests = List.copyOf(tests);
    }

    /** Whether the message exists in the chosen modes. */
    public boolean isReadIn(Set<String> chosenModes) {
      return mode == null || chosenModes.contains(mode);
    }
  }

  /**
   * A trade.
   *
   * @param symbol null if the instrument is known from the request
   */
  record OfTrade(
      Recognition recognition,
      @Nullable Pointer rows,
      @Nullable SymbolRule symbol,
      IdRule id,
      Pointer price,
      SizeRule size,
      SideRule side,
      TimeRule time,
      @Nullable Fills fills,
      Origin origin)
      implements MessageRule {

    /** A trade whose fields are at the pointers of a layout. */
    static OfTrade of(
        Recognition recognition,
        @Nullable Pointer rows,
        @Nullable SymbolRule symbol,
        TradeLayout layout,
        TradeNumbering numbering,
        Origin origin) {
      return new OfTrade(
          recognition,
          rows,
          symbol,
          new IdRule(layout.id(), numbering),
          layout.price(),
          layout.size(),
          layout.side(),
          layout.time(),
          layout.fills(),
          origin);
    }

    @Override
    public List<Pointer> reads() {
      return present(
          symbol == null ? null : symbol.at(),
          id.at(),
          price,
          size.at(),
          side.at(),
          time.at(),
          fills == null ? null : fills.first(),
          fills == null ? null : fills.last(),
          fills == null ? null : fills.count());
    }
  }

  /** A snapshot of a book, or a delta. */
  record OfBook(
      Recognition recognition,
      boolean snapshot,
      @Nullable Pointer rows,
      @Nullable SymbolRule symbol,
      BookLayout layout)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return present(
          symbol == null ? null : symbol.at(),
          layout.first(),
          layout.last(),
          layout.previous(),
          layout.checksum(),
          layout.time() == null ? null : layout.time().at(),
          layout.bids(),
          layout.asks(),
          layout.changes());
    }
  }

  /**
   * A message of a plain channel. The prices and sizes of the layout's levels are either fields, or
   * the first level of a list each.
   *
   * @param values one for each field of the layout; null if messages do not have it
   * @param lists one for each level of the layout; empty if prices and sizes are fields
   * @param levels how the levels in the lists are written; null without lists
   */
  record OfObservation(
      Recognition recognition,
      ChannelLayout layout,
      @Nullable Pointer rows,
      SymbolRule symbol,
      @Nullable TimeRule time,
      List<@Nullable ValueRule> values,
      List<Pointer> lists,
      @Nullable LevelRule levels)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      List<Pointer> reads = new ArrayList<>();
      reads.add(symbol.at());
      if (time != null) {
        reads.add(time.at());
      }
      for (ValueRule value : values) {
        if (value != null) {
          reads.add(value.at());
        }
      }
      reads.addAll(lists);
      return reads;
    }
  }

  /** A heartbeat of an instrument's streams. */
  record OfHeartbeat(Recognition recognition, SymbolRule symbol, @Nullable Pointer lastTrade)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return present(symbol.at(), lastTrade);
    }
  }

  /** A known message of no interest, for example the reply to a ping. */
  record Ignored(Recognition recognition) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return List.of();
    }
  }

  /** The pointers that are not null. */
  static List<Pointer> present(@Nullable Pointer... pointers) {
    return Stream.of(pointers).filter(Objects::nonNull).toList();
  }
}
