package io.cryptofeed.connect.ccxt;

/**
 * Takes what an exchange of CCXT sends. Called by its event loop. What it throws breaks the
 * exchange, and is reported as such.
 */
public interface CcxtListener {

  /** The bundle is loaded, and the class is constructed: requests and watches are served. */
  void onReady(CcxtAbilities abilities);

  void onTrade(CcxtTrade trade);

  void onBook(CcxtBook book);

  void onQuote(CcxtQuote quote);

  /** The first data of a stream since it was watched or stopped. */
  void onStreamStarted(CcxtChannel channel, String symbol);

  /**
   * A stream that had started was interrupted; what happens until it starts again is not seen. Its
   * book begins anew, with a snapshot. CCXT tries again by itself.
   */
  void onStreamStopped(CcxtChannel channel, String symbol, String reason);

  /**
   * Watching a stream failed; CCXT tries again, after a pause that grows to 15 s.
   *
   * @param error without credentials
   */
  void onStreamError(CcxtChannel channel, String symbol, CcxtException error);

  /** CCXT could not read a message, which may have belonged to any stream. */
  void onUnreadable(CcxtException error);

  /**
   * A socket is open.
   *
   * @param url without its query
   * @param egress {@code direct}, or the proxy as {@code scheme://host:port}
   */
  void onSocketOpened(String url, String egress);

  /** A socket that was open has ended. */
  void onSocketClosed(String url, String reason);

  /**
   * The script cannot go on: it threw, lasted too long or took too much. Everything of it is
   * closed; nothing else is called after this. The owner may start it anew.
   */
  void onBroken(String reason);

  /**
   * The script cannot run at all: the bundle is none, it has no such exchange, or what is
   * configured cannot be. Starting it anew does not help; nothing else is called after this.
   *
   * @param reason what is wrong, where, and the cure
   */
  void onUnavailable(String reason);
}
