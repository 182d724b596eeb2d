package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeFormat;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One kind of message in one envelope, with the places of its values resolved. Immutable. */
public sealed interface MessageRoute {

  /** A trade. */
  record OfTrade(
      MessageRule.OfTrade rule,
      @Nullable SymbolPlace symbol,
      Place id,
      Place price,
      Place size,
      Place side,
      Place time,
      @Nullable Place firstFill,
      @Nullable Place lastFill,
      @Nullable Place fillCount,
      WireWords<Side> sides)
      implements MessageRoute {}

  /** A snapshot of a book, or a delta. */
  record OfBook(
      MessageRule.OfBook rule,
      @Nullable SymbolPlace symbol,
      @Nullable Place first,
      @Nullable Place last,
      @Nullable Place previous,
      @Nullable Place checksum,
      @Nullable Place time,
      @Nullable Place bids,
      @Nullable Place asks,
      @Nullable Place changes)
      implements MessageRoute {}

  /**
   * A message of a plain channel.
   *
   * @param fields the fields that messages have, without those of levels
   * @param levels the levels whose price and size are fields; empty if they are in lists
   * @param lists the list of each level of the layout; empty if levels are fields
   */
  record OfObservation(
      MessageRule.OfObservation rule,
      SymbolPlace symbol,
      @Nullable Place time,
      List<FieldPlace> fields,
      List<LevelPlace> levels,
      List<Place> lists)
      implements MessageRoute {

    public OfObservation {
      fields = List.copyOf(fields);
      levels = List.copyOf(levels);
      lists = List.copyOf(lists);
    }
  }

  /**
   * The place of a field of a plain channel.
   *
   * @param index the index of the field in the layout
   * @param optional whether a message may lack it
   * @param format how a time is written; null for all other fields
   */
  record FieldPlace(
      int index, ChannelField field, boolean optional, Place place, @Nullable TimeFormat format) {}

  /** The places of a price and its size. */
  record LevelPlace(ChannelLayout.Level level, Place price, Place size) {}

  /** A heartbeat. */
  record OfHeartbeat(SymbolPlace symbol, @Nullable Place lastTrade) implements MessageRoute {}

  /** A known message of no interest. */
  record OfNothing() implements MessageRoute {}

  /** A message about subscriptions or the connection, rare enough to be read as a tree. */
  record OfControl(ControlRule rule, Pointer envelope) implements MessageRoute {}

  /**
   * The place of the venue's symbol.
   *
   * @param separator splits the text into parts, one of which is the symbol; 0 if the whole text is
   * @param part the index of that part, from 0
   */
  record SymbolPlace(Place place, byte separator, int part) {}
}
