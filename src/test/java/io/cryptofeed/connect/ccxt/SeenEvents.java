package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A listener that remembers what it was told. Read by any thread. */
final class SeenEvents implements CcxtListener {

  final List<CcxtTrade> trades = new CopyOnWriteArrayList<>();
  final List<CcxtBook> books = new CopyOnWriteArrayList<>();
  final List<CcxtObservation> quotes = new CopyOnWriteArrayList<>();
  final List<String> streams = new CopyOnWriteArrayList<>();
  final List<String> sockets = new CopyOnWriteArrayList<>();
  final List<CcxtException> errors = new CopyOnWriteArrayList<>();
  final List<String> broken = new CopyOnWriteArrayList<>();
  final CompletableFuture<CcxtAbilities> ready = new CompletableFuture<>();

  CcxtAbilities awaitReady() throws Exception {
    return Objects.requireNonNull(ready.get(120, TimeUnit.SECONDS));
  }

  @Override
  public void onReady(CcxtAbilities abilities) {
    ready.complete(abilities);
  }

  @Override
  public void onTrade(CcxtTrade trade) {
    trades.add(trade);
  }

  @Override
  public void onBook(CcxtBook book) {
    books.add(book);
  }

  @Override
  public void onObservation(CcxtObservation observation) {
    quotes.add(observation);
  }

  @Override
  public void onStreamStarted(Channel channel, String symbol) {
    streams.add("+" + channel.code() + " " + symbol);
  }

  @Override
  public void onStreamStopped(Channel channel, String symbol, String reason) {
    streams.add("-" + channel.code() + " " + symbol);
  }

  @Override
  public void onStreamError(Channel channel, String symbol, CcxtException error) {
    errors.add(error);
  }

  @Override
  public void onMalformed(CcxtException error) {
    errors.add(error);
  }

  @Override
  public void onSocketOpened(String url, String egress) {
    sockets.add("+" + url + " " + egress);
  }

  @Override
  public void onSocketClosed(String url, String reason) {
    sockets.add("-" + url);
  }

  @Override
  public void onBroken(String reason) {
    broken.add(reason);
    ready.completeExceptionally(new AssertionError(reason));
  }

  @Override
  public void onUnavailable(String reason) {
    onBroken(reason);
  }
}
