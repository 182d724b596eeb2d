package io.cryptofeed.connect.local.venue.market;

import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The levels that changed since the last message of one stream, each with its newest size. */
public final class LevelChanges {

  private final NavigableMap<Long, Long> bids = new TreeMap<>(Comparator.reverseOrder());
  private final NavigableMap<Long, Long> asks = new TreeMap<>();
  private long firstUpdateId;
  private long lastUpdateId;

  /**
   * Starts collecting.
   *
   * @param updateId the newest change that was already sent
   */
  public LevelChanges(long updateId) {
    restart(updateId);
  }

  public void add(long updateId, boolean bid, long price, long size) {
    (bid ? bids : asks).put(price, size);
    lastUpdateId = updateId;
  }

  public boolean isEmpty() {
    return lastUpdateId < firstUpdateId;
  }

  public NavigableMap<Long, Long> bids() {
    return bids;
  }

  public NavigableMap<Long, Long> asks() {
    return asks;
  }

  public long firstUpdateId() {
    return firstUpdateId;
  }

  public long lastUpdateId() {
    return lastUpdateId;
  }

  /** Starts collecting the next message, whose first id follows this one's last. */
  public void restart() {
    restart(lastUpdateId);
  }

  private void restart(long updateId) {
    bids.clear();
    asks.clear();
    firstUpdateId = updateId + 1;
    lastUpdateId = updateId;
  }
}
