package io.cryptofeed.connect.market;

/**
 * A kind of market data that is streamed for an instrument.
 *
 * <p>Four channels have event types of their own and are constants here, because code treats each
 * of them differently. All others are plain: a {@link ChannelLayout} describes them completely, so
 * their number is open, which an enum would not allow. A channel is still used like a constant:
 * there is one instance of each, it is compared by identity, and it hashes as fast as an enum.
 * {@link Channels} lists the known ones and refuses two of one name.
 *
 * <p>The order is that of pages and lists: trades, books, plain channels by name, and then what
 * cannot be subscribed. Immutable.
 */
public final class Channel implements Comparable<Channel> {

  /** Single trades: {@link Trade}. */
  public static final Channel TRADES = new Channel("trades", Rank.TRADES);

  /** Order books, as snapshots and deltas: {@link BookUpdate}. */
  public static final Channel L2_BOOK = new Channel("l2_book", Rank.BOOK);

  /** The exchange's own best bid and ask: {@link Quotes}. */
  public static final Channel QUOTES = plain("quotes");

  /** Snapshots in addition to the deltas of {@link #L2_BOOK}, in mode both; never subscribed. */
  public static final Channel L2_SNAPSHOT = new Channel("l2_snapshot", Rank.BOOK_SNAPSHOTS);

  /** What happened to the other channels of an instrument: {@link FeedStatus}; never subscribed. */
  public static final Channel FEED_STATUS = new Channel("feed_status", Rank.FEED_STATUS);

  private enum Rank {
    TRADES,
    BOOK,
    PLAIN,
    BOOK_SNAPSHOTS,
    FEED_STATUS
  }

  private final String code;
  private final Rank rank;

  private Channel(String code, Rank rank) {
    this.code = code;
    this.rank = rank;
  }

  /**
   * A new channel that a {@link ChannelLayout} describes. Call it once for each channel, where its
   * layout is declared.
   *
   * @param code the name, lower case: {@code funding}
   */
  public static Channel plain(String code) {
    return new Channel(code, Rank.PLAIN);
  }

  /** The lower-case name used in configuration, topics and source partitions: {@code l2_book}. */
  public String code() {
    return code;
  }

  /** Whether a user can ask for this channel in {@code channels}. */
  public boolean isSubscribable() {
    return rank.compareTo(Rank.PLAIN) <= 0;
  }

  @Override
  public int compareTo(Channel other) {
    int byRank = rank.compareTo(other.rank);
    return byRank == 0 ? code.compareTo(other.code) : byRank;
  }

  @Override
  public String toString() {
    return code;
  }
}
