package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request for a list of instruments, and the fields of a row. Immutable.
 *
 * @param rows the list of rows, or the object whose fields are the rows
 * @param symbol the venue's symbol: a field, or made of {@code {base}} and {@code {quote}}
 * @param expiry the time of expiry, null if nothing expires
 * @param contractSize fields whose values are multiplied; empty if sizes are not in contracts
 * @param states whether an instrument is traded: the worst meaning of these fields. A field that a
 *     row lacks has none, and a word without a meaning is not a reason to stop a stream
 * @param assetClass the venue's word for what is traded, null if it distinguishes nothing
 * @param skip the values of a row that is skipped; an empty text stands for any value
 * @param next how the next page is requested, null if there is one page
 */
public record InstrumentRules(
    RestRequest request,
    Pointer rows,
    WordRule<MarketType> marketType,
    SymbolText symbol,
    TextRule base,
    TextRule quote,
    @Nullable TimeRule expiry,
    @Nullable StepRule tickSize,
    @Nullable StepRule lotSize,
    WordRule<SizeUnit> sizeUnit,
    List<Pointer> contractSize,
    List<WordRule<TradingState>> states,
    @Nullable Pointer assetClass,
    Map<Pointer, String> skip,
    @Nullable NextPage next) {

  public InstrumentRules {
    contractSize = List.copyOf(contractSize);
    states = List.copyOf(states);
    skip = Map.copyOf(skip);
  }

  /** The venue's symbol: a field, or made of the names of the assets. One of the two is null. */
  public record SymbolText(@Nullable Pointer at, @Nullable String template) {}

  /**
   * A text, or a part of it.
   *
   * @param split the separator of its parts, null for the whole text
   * @param part the index of the part, from 0
   * @param upper whether it is put into upper case
   * @param words other names for some texts
   */
  public record TextRule(
      Pointer at, @Nullable String split, int part, boolean upper, Map<String, String> words) {

    public TextRule {
      words = Map.copyOf(words);
    }
  }

  /**
   * The meanings of the words of a field.
   *
   * @param at the field, null if the meaning is always {@code otherwise}
   * @param otherwise the meaning of any other word, null if it has none
   */
  public record WordRule<T>(@Nullable Pointer at, Map<String, T> words, @Nullable T otherwise) {

    public WordRule {
      words = Map.copyOf(words);
    }

    /** Every meaning that a row can have. */
    Set<T> all() {
      Set<T> all = new HashSet<>(words.values());
      if (otherwise != null) {
        all.add(otherwise);
      }
      return all;
    }
  }

  /**
   * The smallest step of a price or a size.
   *
   * @param list a list in the row, one element of which has the step; null for the row itself
   * @param where the values of that element
   * @param at the value, relative to the element or the row
   * @param decimals whether the value is a number of decimals
   */
  public record StepRule(
      @Nullable Pointer list, Map<Pointer, String> where, Pointer at, boolean decimals) {

    public StepRule {
      where = Map.copyOf(where);
    }
  }

  /** The cursor of the next page, and the parameter of the request that it becomes. */
  public record NextPage(Pointer at, String parameter) {}
}
