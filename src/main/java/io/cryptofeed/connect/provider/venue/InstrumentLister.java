package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.listing.ListingRetry;
import io.cryptofeed.connect.market.Instrument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Requests all pages of all instrument lists of an exchange, with retries until each has succeeded.
 * Used by its event loop, except {@link #close}.
 */
final class InstrumentLister {

  private final Function<Exchange, VenueRest> restOf;
  private final FeedLoop loop;
  private final ListingRetry retry;
  private volatile boolean closed;

  InstrumentLister(Function<Exchange, VenueRest> restOf, FeedLoop loop, ListingRetry retry) {
    this.restOf = restOf;
    this.loop = loop;
    this.retry = retry;
  }

  /** Requests nothing more. Any thread. */
  void close() {
    closed = true;
  }

  /**
   * Lists the instruments of an exchange.
   *
   * @param then takes them; not called after {@link #close}
   */
  void list(Exchange exchange, Consumer<List<Instrument>> then) {
    new Listing(exchange, then).next();
  }

  /** One pass through the lists of an exchange. */
  private final class Listing implements VenueRest.Callback {

    private final Exchange exchange;
    private final Consumer<List<Instrument>> then;
    private final Deque<InstrumentRequest> requests;
    private final List<Instrument> listed = new ArrayList<>();

    private Listing(Exchange exchange, Consumer<List<Instrument>> then) {
      this.exchange = exchange;
      this.then = then;
      requests = new ArrayDeque<>(exchange.instrumentRequests());
    }

    private void next() {
      InstrumentRequest request = requests.peek();
      if (closed) {
        return;
      }
      if (request == null) {
        retry.succeeded();
        then.accept(listed);
      } else {
        restOf.apply(exchange).get(loop, request.request(), this);
      }
    }

    @Override
    public void onBody(byte[] body, long receiveNs) {
      InstrumentPage page;
      try {
        page = exchange.readInstruments(requests.element(), body);
      } catch (MalformedMessageException e) {
        onFailure(String.valueOf(e.getMessage()));
        return;
      }
      requests.remove();
      listed.addAll(page.instruments());
      if (page.next() != null) {
        requests.addFirst(page.next());
      }
      next();
    }

    @Override
    public void onFailure(String reason) {
      if (!closed) {
        retry.failed(exchange.id(), reason, this::next);
      }
    }
  }
}
