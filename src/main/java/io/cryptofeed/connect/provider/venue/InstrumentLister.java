package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.InstrumentPage.UnusableRow;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.listing.Listing;
import io.cryptofeed.connect.feed.listing.ListingRetry;
import io.cryptofeed.connect.market.Instrument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Requests all pages of all instrument lists of an exchange, with retries. A list may be empty; and
 * one that fails again and again is left out, so that it stops no instrument of the others. Used by
 * its event loop, except {@link #close}.
 */
final class InstrumentLister {

  /** After so many failures in a row, a list is left out until the next pass through the lists. */
  private static final int ATTEMPTS = 3;

  private final String own;
  private final Function<Exchange, VenueRest> restOf;
  private final FeedLoop loop;
  private final ListingRetry retry;
  private final MessageWarnings warnings;
  private volatile boolean closed;

  /**
   * @param own the id of the exchange whose lists are judged in the log; others have feeds of their
   *     own
   */
  InstrumentLister(
      String own,
      Function<Exchange, VenueRest> restOf,
      FeedLoop loop,
      ListingRetry retry,
      MessageWarnings warnings) {
    this.own = own;
    this.restOf = restOf;
    this.loop = loop;
    this.retry = retry;
    this.warnings = warnings;
  }

  /** Requests nothing more. Any thread. */
  void close() {
    closed = true;
  }

  /**
   * Lists the instruments of an exchange; retried until there is at least one.
   *
   * @param then takes them; not called after {@link #close}
   */
  void list(Exchange exchange, Consumer<Listing> then) {
    new Pass(exchange, then).next();
  }

  /** One pass through the lists of an exchange. */
  private final class Pass implements VenueRest.Callback {

    private final Exchange exchange;
    private final Consumer<Listing> then;
    private final Deque<InstrumentRequest> requests;

    /** What has been requested: a page that names one of these as its next is the last. */
    private final Set<InstrumentRequest> requested = new HashSet<>();

    private final List<Instrument> listed = new ArrayList<>();
    private final Set<String> unreadable = new HashSet<>();
    private boolean complete = true;
    private int failures;

    private Pass(Exchange exchange, Consumer<Listing> then) {
      this.exchange = exchange;
      this.then = then;
      requests = new ArrayDeque<>(exchange.instrumentRequests());
    }

    private void next() {
      InstrumentRequest request = requests.peek();
      if (closed) {
        return;
      }
      if (request != null) {
        requested.add(request);
        restOf.apply(exchange).get(loop, request.request(), this);
      } else if (listed.isEmpty()) {
        retry.failed(
            exchange.id(),
            "the exchange lists no instrument that can be used",
            () -> list(exchange, then));
      } else {
        retry.succeeded();
        then.accept(new Listing(listed, unreadable, complete));
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
      failures = 0;
      requests.remove();
      listed.addAll(page.instruments());
      // A list of which nothing can be used does not show that its instruments are gone.
      complete &= !page.instruments().isEmpty() || page.unusable().isEmpty();
      report(page);
      if (page.next() != null && page.rows() > 0 && !requested.contains(page.next())) {
        requests.addFirst(page.next());
      }
      next();
    }

    private void report(InstrumentPage page) {
      List<UnusableRow> unusable = page.unusable();
      if (!unusable.isEmpty()) {
        unusable.forEach(row -> unreadable.add(row.symbol()));
        warn(
            "rows of the list of instruments cannot be used",
            "%d of %d, for example one that %s: %s"
                .formatted(
                    unusable.size(),
                    page.rows(),
                    unusable.get(0).problem(),
                    unusable.get(0).row()));
      }
      if (!page.unknownStates().isEmpty()) {
        warn(
            "instruments have a state that is not known and count as traded",
            String.join(", ", page.unknownStates()));
      }
    }

    private void warn(String problem, String detail) {
      if (exchange.id().equals(own)) {
        warnings.warn(problem, detail, System.nanoTime());
      }
    }

    @Override
    public void onFailure(String reason) {
      if (closed) {
        return;
      }
      failures++;
      InstrumentRequest failed = requests.remove();
      if (listed.isEmpty() || failures < ATTEMPTS) {
        requests.addLast(failed); // The others first.
        retry.failed(exchange.id(), reason, this::next);
      } else {
        failures = 0;
        complete = false;
        warn("a list of instruments is missing, the others are used", reason);
        next();
      }
    }
  }
}
