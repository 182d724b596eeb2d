package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;

/**
 * Takes the events of an exchange that CCXT runs. Called by its event loop. An exception of the
 * listener stops the script, and is reported by {@link #onBroken}.
 */
public interface CcxtListener {

  /** The bundle is loaded and the class is constructed: it serves requests and streams now. */
  void onReady(CcxtAbilities abilities);

  void onTrade(CcxtTrade trade);

  void onBook(CcxtBook book);

  void onObservation(CcxtObservation observation);

  /** The first data of a stream has arrived since it was watched or stopped. */
  void onStreamStarted(Channel channel, String symbol);

  /**
   * A stream that had started was interrupted; its events are missed until it starts again. Its
   * book starts again with a snapshot. CCXT retries on its own.
   */
  void onStreamStopped(Channel channel, String symbol, String reason);

  /**
   * Watching a stream failed; CCXT retries, after a pause that grows to 15 s.
   *
   * @param error without credentials
   */
  void onStreamError(Channel channel, String symbol, CcxtException error);

  /** CCXT could not parse a message, which may have belonged to any stream. */
  void onMalformed(CcxtException error);

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
   * The script was stopped, because it threw an exception, ran for too long, or used too much
   * memory. All its sockets are closed, and nothing else is called after this. The owner may start
   * another one.
   */
  void onBroken(String reason);

  /**
   * The script cannot run at all: the bundle is missing or corrupt, it has no such exchange, or the
   * configuration is not valid. A restart does not help; nothing else is called after this.
   *
   * @param reason what is wrong, where, and the cure
   */
  void onUnavailable(String reason);
}
