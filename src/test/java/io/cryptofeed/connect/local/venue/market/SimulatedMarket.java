package io.cryptofeed.connect.local.venue.market;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The instruments of a simulated venue, with their books and trades. The sequence of prices, sizes
 * and ids depends only on the seed; their times depend on the clock.
 *
 * <p>Owned by the thread of the venue that simulates it.
 */
public final class SimulatedMarket {

  private final Map<String, SimulatedInstrument> instruments = new LinkedHashMap<>();

  public SimulatedMarket(List<String> symbols, int depth, long seed, boolean keepHistory) {
    for (String symbol : symbols) {
      instruments.put(symbol, new SimulatedInstrument(symbol, depth, seed, keepHistory));
    }
  }

  public Set<String> symbols() {
    return instruments.keySet();
  }

  public Collection<SimulatedInstrument> instruments() {
    return instruments.values();
  }

  /** Finds an instrument by its normalised symbol. */
  public SimulatedInstrument instrument(String symbol) {
    @Nullable SimulatedInstrument found = instruments.get(symbol);
    if (found == null) {
      throw new IllegalArgumentException(
          "the simulated market has no '" + symbol + "': it trades " + instruments.keySet());
    }
    return found;
  }
}
