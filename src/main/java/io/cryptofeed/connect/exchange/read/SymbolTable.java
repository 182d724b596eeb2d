package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.market.Instrument;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The instruments of a session by the bytes of the venue's symbols. Immutable. */
public final class SymbolTable {

  private final byte[] @Nullable [] symbols;
  private final @Nullable Instrument[] instruments;
  private final int mask;

  public SymbolTable(Collection<Instrument> listed) {
    int capacity = Integer.highestOneBit(Math.max(4, listed.size() * 2)) * 2;
    symbols = new byte[capacity][];
    instruments = new Instrument[capacity];
    mask = capacity - 1;
    for (Instrument instrument : listed) {
      byte[] symbol = instrument.exchangeSymbol().getBytes(StandardCharsets.UTF_8);
      int slot = hash(symbol, 0, symbol.length) & mask;
      while (symbols[slot] != null) {
        slot = (slot + 1) & mask;
      }
      symbols[slot] = symbol;
      instruments[slot] = instrument;
    }
  }

  /**
   * The instrument whose symbol is the scalar, or one part of it; null if the session does not have
   * it.
   *
   * @param separator what separates the parts, 0 if the whole scalar is the symbol
   * @param part the index of the part, from 0
   */
  @Nullable
  public Instrument find(byte[] buffer, int at, byte separator, int part)
      throws MalformedMessageException {
    int end = Scalars.plainEnd(buffer, at);
    if (end == Scalars.ESCAPED) {
      byte[] text = Scalars.text(buffer, at).getBytes(StandardCharsets.UTF_8);
      return find(text, 0, text.length, separator, part);
    }
    return find(buffer, Scalars.begin(buffer, at), end, separator, part);
  }

  private @Nullable Instrument find(byte[] buffer, int begin, int end, byte separator, int part) {
    if (separator == 0) {
      return find(buffer, begin, end);
    }
    int from = begin;
    for (int number = 0; ; number++) {
      int to = from;
      while (to < end && buffer[to] != separator) {
        to++;
      }
      if (number == part) {
        return find(buffer, from, to);
      }
      if (to == end) {
        return null;
      }
      from = to + 1;
    }
  }

  private @Nullable Instrument find(byte[] buffer, int begin, int end) {
    int slot = hash(buffer, begin, end) & mask;
    byte[] symbol;
    while ((symbol = symbols[slot]) != null) {
      if (Arrays.equals(buffer, begin, end, symbol, 0, symbol.length)) {
        return instruments[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  private static int hash(byte[] buffer, int begin, int end) {
    int hash = 0;
    for (int i = begin; i < end; i++) {
      hash = 31 * hash + buffer[i];
    }
    return hash ^ (hash >>> 15);
  }
}
