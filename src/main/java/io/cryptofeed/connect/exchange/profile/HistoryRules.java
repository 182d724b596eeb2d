package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.FieldRules.TradeLayout;
import io.cryptofeed.connect.exchange.profile.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request for historical trades, and the layout of its response. Immutable.
 *
 * @param mode the mode of the trades stream whose trades these are, null for all
 * @param marketTypes the market types it serves, empty for all
 * @param path the path with a placeholder for the symbol, and one for the cursor if it has one
 * @param pathByClass the paths for instruments of some asset classes
 * @param symbol how the request names an instrument, null if by the symbol of its streams
 * @param pages what the cursor is, and the size of a page
 * @param cursorUnit the unit of a cursor that is a time
 * @param rows the list of trades
 */
public record HistoryRules(
    @Nullable String mode,
    Set<MarketType> marketTypes,
    String path,
    Map<String, String> pathByClass,
    @Nullable RestSymbol symbol,
    TradeHistory pages,
    CursorUnit cursorUnit,
    int weight,
    int maxResponseBytes,
    Pointer rows,
    TradeLayout layout) {

  public HistoryRules {
    marketTypes = Set.copyOf(marketTypes);
    pathByClass = Map.copyOf(pathByClass);
  }

  /** Whether its trades are those of the streams in the chosen modes. */
  public boolean isReadIn(Set<String> chosenModes) {
    return mode == null || chosenModes.contains(mode);
  }

  /** Whether it has the trades of an instrument. */
  public boolean serves(Instrument instrument) {
    return marketTypes.isEmpty() || marketTypes.contains(instrument.marketType());
  }

  /** The path for an instrument. */
  public String path(Instrument instrument) {
    String assetClass = instrument.assetClass();
    return assetClass == null ? path : pathByClass.getOrDefault(assetClass, path);
  }

  /** How a trade of the response is read, with ids that relate as those of the stream do. */
  public MessageRule.OfTrade trade(TradeNumbering numbering) {
    return MessageRule.OfTrade.of(
        Recognition.NONE_NEEDED, rows, null, layout, numbering, Origin.BACKFILL);
  }

  /**
   * How a request names an instrument, if not by the symbol of its streams.
   *
   * @param template a text with placeholders for the names of the assets
   * @param words other names for some assets
   */
  public record RestSymbol(String template, Map<String, String> words) {

    public RestSymbol {
      words = Map.copyOf(words);
    }

    /** The name of an instrument. */
    public String of(Instrument instrument) {
      return template
          .replace("{base}", words.getOrDefault(instrument.base(), instrument.base()))
          .replace("{quote}", words.getOrDefault(instrument.quote(), instrument.quote()));
    }
  }

  /** The unit in which a request counts the time since the epoch. */
  public enum CursorUnit {
    S(1_000_000_000),
    MS(1_000_000),
    US(1_000),
    NS(1);

    private final long nanos;

    CursorUnit(long nanos) {
      this.nanos = nanos;
    }

    /** A time in this unit, rounded down. */
    public long of(long timeNs) {
      return timeNs / nanos;
    }
  }
}
