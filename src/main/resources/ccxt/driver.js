// Drives one CCXT exchange for its host. io.cryptofeed.connect.ccxt.Driver describes the protocol,
// which uses plain values. CCXT connects, subscribes, parses and normalises as usual. The driver takes
// the data one step before it would reach the promise of a watch method, because at that step CCXT
// has not yet truncated, merged or copied it.
(function () {
  'use strict';

  const ERRORS = [
    'BadSymbol',
    'NotSupported',
    'AuthenticationError',
    'RateLimitExceeded',
    'DDoSProtection',
    'NetworkError',
    'ExchangeError',
  ];
  const SIDES = ['bids', 'asks'];
  const REARM_MS = 30000;
  const FIRST_PAUSE_MS = 250;
  const LONGEST_PAUSE_MS = 15000;
  const UNSUBSCRIBED_MS = 5000;

  function kindOf(error) {
    const known = ERRORS.find((name) => error instanceof ccxt[name]);
    return known === undefined ? 'Error' : known;
  }

  function nameOf(error) {
    return String((error && (error.name || (error.constructor && error.constructor.name))) || 'Error');
  }

  function messageOf(error) {
    return String((error && error.message) || error);
  }

  function hide(target, name, value) {
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }

  const text = (value) =>
    value === undefined || value === null ? null : typeof value === 'string' ? value : String(value);
  const millis = (value) => (typeof value === 'number' ? value : -1);

  // Same behaviour as CCXT's own functions of these names. CCXT looks up dozens of fields per message,
  // and a `return` in the middle of a function is an exception inside the interpreter. These functions
  // return only at their end, which saves a quarter of CCXT's time per trade.
  const fieldOf = (object, key) =>
    typeof object === 'object' && object !== null && key !== undefined && key !== null
      ? object[key]
      : undefined;

  function safeValue(object, key, otherwise) {
    const value = fieldOf(object, key);
    return value === undefined || value === null || value === '' ? otherwise : value;
  }

  function safeString(object, key, otherwise) {
    const value = fieldOf(object, key);
    return typeof value === 'string' && value !== ''
      ? value
      : Number.isFinite(value)
        ? String(value)
        : otherwise;
  }

  function safeString2(object, key, other, otherwise) {
    return safeValue(object, key) === undefined
      ? safeString(object, other, otherwise)
      : safeString(object, key, otherwise);
  }

  function safeInteger(object, key, otherwise) {
    const value = fieldOf(object, key);
    const whole =
      typeof value === 'number' || (typeof value === 'string' && value !== '')
        ? Math.trunc(Number(value))
        : NaN;
    return Number.isFinite(whole) ? whole : otherwise;
  }

  // Replaces the beginnings of all URLs that a class declares.
  function moved(value, from, to) {
    if (typeof value === 'string') {
      return value.startsWith(from) ? to + value.slice(from.length) : value;
    }
    if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) {
        value[key] = moved(value[key], from, to);
      }
    }
    return value;
  }

  function open(id, settingsJson, sink) {
    const settings = JSON.parse(settingsJson);
    const Exchange = ccxt.pro[id] || ccxt[id];
    const ex = new Exchange(Object.assign({ enableRateLimit: true, newUpdates: true }, settings.config));
    if (settings.sandbox) {
      ex.setSandboxMode(true);
    }
    for (const [from, to] of settings.hosts) {
      ex.urls = moved(ex.urls, from, to);
      ex.hostname = moved(ex.hostname, from, to);
    }

    Object.assign(ex, { safeValue, safeString, safeString2, safeInteger });
    const optionNames = new Set(Object.keys(ex.options));
    let closed = false;
    let current; // the client whose message is being processed
    let message; // that message
    const waiting = new Set(); // watchers that only wait
    // The state of each watched stream, by symbol.
    const watched = { trades: new Map(), l2_book: new Map(), quotes: new Map() };
    const streams = () => Object.values(watched).flatMap((bySymbol) => [...bySymbol.values()]);

    function wake() {
      for (const rouse of [...waiting]) {
        rouse();
      }
    }

    function untilRoused(ms) {
      return new Promise((resolve) => {
        const rouse = () => {
          waiting.delete(rouse);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(rouse, ms);
        waiting.add(rouse);
      });
    }

    // Data of a stream shows which client carries the stream, and that the stream is alive.
    function alive(channel, symbol) {
      const stream = watched[channel].get(symbol);
      if (stream !== undefined) {
        if (current !== undefined) {
          stream.client = current;
        }
        if (!stream.live) {
          stream.live = true;
          sink.started(channel, symbol);
        }
      }
      return stream !== undefined;
    }

    function stopped(stream, reason) {
      stream.client = undefined;
      if (stream.live) {
        stream.live = false;
        sink.stopped(stream.channel, stream.symbol, reason);
      }
    }

    // ---- Clients ----

    // A book from before the disconnect is never continued after it. CCXT itself would continue it.
    function lost(client, reason) {
      for (const symbol of Object.keys(ex.orderbooks || {})) {
        const of = ex.orderbooks[symbol].__client;
        if (of === client || of === undefined) {
          delete ex.orderbooks[symbol];
        }
      }
      for (const stream of streams()) {
        if (stream.client === client) {
          stopped(stream, reason);
        }
      }
      wake();
    }

    const clientOf = ex.client.bind(ex);
    ex.client = (url) => {
      const client = clientOf(url);
      if (client.__ours === undefined) {
        hide(client, '__ours', true);
        adopt(client);
      }
      return client;
    };

    function adopt(client) {
      const connect = client.createConnection.bind(client);
      client.createConnection = () => {
        const inflate = client.gunzip ? 'gzip' : client.inflate ? 'raw' : '';
        client.gunzip = client.inflate = false; // the host does it
        const headers = client.options && client.options.headers;
        client.protocols = { protocols: client.protocols, headers, inflate };
        connect();
      };
      // If no promise waits, CCXT keeps a rejection until the next watch call: so make that call now.
      const reject = client.reject.bind(client);
      client.reject = (error, hash) => {
        const result = reject(error, hash);
        wake();
        return result;
      };
    }

    const onClose = ex.onClose.bind(ex);
    ex.onClose = (client, event) => {
      onClose(client, event);
      lost(client, 'closed with code ' + (event && event.code) + ' ' + ((event && event.reason) || ''));
    };
    const onError = ex.onError.bind(ex);
    ex.onError = (client, error) => {
      onError(client, error);
      lost(client, messageOf(error));
    };

    const handleMessage = ex.handleMessage.bind(ex);
    ex.handleMessage = (client, received) => {
      current = client;
      message = received;
      try {
        return handleMessage(client, received);
      } catch (error) {
        sink.error('message', '', kindOf(error), nameOf(error), messageOf(error));
        throw error;
      } finally {
        flushBooks();
        current = message = undefined;
      }
    };

    // ---- Trades and quotes: everything that CCXT puts into its caches ----

    // CCXT may replace one of its caches at any time, so the property is watched instead of the cache.
    function watchCache(name, adopted) {
      let cache = new Proxy(ex[name] || {}, { set: adopted });
      Object.defineProperty(ex, name, {
        get: () => cache,
        set: (value) => {
          cache = new Proxy(value || {}, { set: adopted });
        },
        configurable: true,
        enumerable: true,
      });
    }

    function emitTrade(trade) {
      const symbol = trade.symbol;
      if (alive('trades', symbol)) {
        sink.trade(
          symbol,
          text(trade.id),
          millis(trade.timestamp),
          text(trade.side),
          text(trade.price),
          text(trade.amount),
          text(trade.takerOrMaker),
        );
      }
    }

    watchCache('trades', (caches, symbol, cache) => {
      if (cache && typeof cache.append === 'function' && cache.__ours === undefined) {
        hide(cache, '__ours', true);
        for (const trade of cache) {
          emitTrade(trade);
        }
        hide(cache, 'append', emitTrade);
      }
      caches[symbol] = cache;
      return true;
    });

    const quoteSource = ex.has.watchBidsAsks
      ? 'watchBidsAsks'
      : ex.has.watchTicker
        ? 'watchTicker'
        : undefined;

    function emitQuote(tickers, symbol, ticker) {
      if (ticker && ticker.bid !== undefined && ticker.ask !== undefined && alive('quotes', symbol)) {
        sink.observation(
          'quotes',
          symbol,
          millis(ticker.timestamp),
          text(ticker.bid),
          text(ticker.bidVolume),
          text(ticker.ask),
          text(ticker.askVolume),
        );
      }
      tickers[symbol] = ticker;
      return true;
    }

    watchCache(quoteSource === 'watchBidsAsks' ? 'bidsasks' : 'tickers', emitQuote);

    // ---- Books: every level that CCXT stores ----

    let dirty = [];
    let flushing = false;

    function touch(book) {
      if (!book.__dirty) {
        book.__dirty = true;
        dirty.push(book);
        // A snapshot from REST is stored outside of any message.
        if (current === undefined && !flushing) {
          flushing = true;
          queueMicrotask(() => {
            flushing = false;
            flushBooks();
          });
        }
      }
    }

    function adoptSide(book, side) {
      const changes = [];
      const indexed = 'hashmap' in side; // single orders: the size of a level is their sum
      const isBid = side.side;
      const store = side.storeArray;
      const limit = side.limit;
      for (const level of side) {
        changes.push(level[0], level[1]);
      }
      hide(side, '__changes', changes);
      hide(side, 'storeArray', indexed ? storeOrder : storePlain);
      function storePlain(level) {
        const isGone = book.__counted && !level[2];
        const price = Number(level[0]);
        const size = isGone ? 0 : Number(level[1]);
        changes.push(level[0], isGone ? 0 : level[1]);
        touch(book);
        storeLevel(side, isBid, price, size, [price, size, ...level.slice(2)]);
      }
      function storeOrder(level) {
        const before = side.hashmap.get(level[2]);
        if (before !== undefined) {
          changes.push(Math.abs(before), null);
        }
        if (level[0] !== undefined) {
          changes.push(Number(level[0]), null);
        }
        touch(book);
        const numbers = level.slice();
        numbers[0] = level[0] === undefined ? undefined : Number(level[0]);
        numbers[1] = Number(level[1]);
        return store.call(side, numbers);
      }
      hide(side, 'limit', function () {
        for (let i = side.depth; i < side.length; i++) {
          changes.push(side[i][0], indexed ? null : 0);
          touch(book);
        }
        return limit.call(side);
      });
    }

    // Same behaviour as CCXT's own method to store a level, except that a built-in function moves the
    // rows instead of a loop: the interpreter would spend most of its time in that loop.
    const moveRows = Array.prototype.copyWithin;

    function storeLevel(side, isBid, price, size, level) {
      const at = isBid ? -price : price;
      const keys = side.index;
      let low = 0;
      let high = side.length - 1;
      while (low <= high) {
        const middle = (low + high) >>> 1;
        if (keys[middle] < at) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      const length = side.length;
      const isThere = low < length && keys[low] === at;
      if (!size) {
        if (isThere) {
          keys.copyWithin(low, low + 1, length);
          keys[length - 1] = Number.MAX_VALUE;
          moveRows.call(side, low, low + 1, length);
          side.pop();
        }
      } else if (isThere) {
        for (let i = 1; i < level.length; i++) {
          side[low][i] = level[i];
        }
      } else {
        keys.copyWithin(low + 1, low, length);
        keys[low] = at;
        side.push(level);
        if (low < length) {
          moveRows.call(side, low + 1, low, length);
          side[low] = level;
        }
        if (side.length > keys.length - 1) {
          side.index = new Float64Array(side.length * 2).fill(Number.MAX_VALUE);
          side.index.set(keys);
        }
      }
    }

    // The sequence numbers in a message, in addition to the one that CCXT keeps.
    function numberOf(field) {
      const number = Number(
        fieldOf(message, field) ??
          fieldOf(fieldOf(message, 'data'), field) ??
          fieldOf(fieldOf(message, 'result'), field),
      );
      return Number.isSafeInteger(number) ? number : -1;
    }

    // A message without levels also has a sequence number.
    function countMessages(book) {
      let nonce = book.nonce;
      Object.defineProperty(book, 'nonce', {
        get: () => nonce,
        set: (value) => {
          if (value !== nonce && !book.__snapshot) {
            touch(book);
          }
          nonce = value;
        },
        configurable: true,
        enumerable: true,
      });
    }

    function adoptBook(book, counted) {
      hide(book, '__dirty', false);
      hide(book, '__snapshot', true);
      hide(book, '__client', undefined);
      hide(book, '__counted', counted);
      SIDES.forEach((side) => adoptSide(book, book[side]));
      const reset = book.reset;
      hide(book, 'reset', function (snapshot) {
        SIDES.forEach((side) => {
          book[side].__changes.length = 0;
        });
        book.__snapshot = true;
        touch(book);
        return reset.call(book, snapshot);
      });
      countMessages(book);
      if (SIDES.some((side) => book[side].length > 0)) {
        touch(book);
      }
      return book;
    }

    for (const [make, counted] of [
      ['orderBook', false],
      ['indexedOrderBook', false],
      ['countedOrderBook', true],
    ]) {
      const made = ex[make].bind(ex);
      ex[make] = (...args) => adoptBook(made(...args), counted);
    }

    // For single orders: the sum of all sizes at each changed price.
    function summed(side) {
      const sums = new Map();
      for (let i = 0; i < side.__changes.length; i += 2) {
        sums.set(side.__changes[i], 0);
      }
      for (const [price, size] of side) {
        if (sums.has(price)) {
          sums.set(price, sums.get(price) + size);
        }
      }
      return [...sums].flat();
    }

    function taken(side) {
      const changes = side.__changes;
      const taken = ('hashmap' in side ? summed(side) : changes).join(',');
      changes.length = 0;
      return taken;
    }

    function symbolOf(book) {
      return book.symbol !== undefined
        ? book.symbol
        : Object.keys(ex.orderbooks).find((symbol) => ex.orderbooks[symbol] === book);
    }

    function flushBooks() {
      if (dirty.length === 0) {
        return;
      }
      const books = dirty;
      dirty = [];
      for (const book of books) {
        book.__dirty = false;
        if (current !== undefined) {
          book.__client = current;
        }
        const symbol = symbolOf(book);
        const bids = taken(book.bids);
        const asks = taken(book.asks);
        if (symbol !== undefined && alive('l2_book', symbol)) {
          sink.book(
            symbol,
            book.__snapshot,
            millis(book.timestamp),
            millis(book.nonce),
            numberOf(settings.bookFields.first),
            numberOf(settings.bookFields.previous),
            bids,
            asks,
          );
        }
        book.__snapshot = false;
      }
    }

    // ---- Numbers ----

    // From now on, a number is the text that the exchange sent. Lists are still sorted numerically.
    function keepText() {
      if (ex.number === String) {
        return;
      }
      ex.number = String;
      const sortBy = ex.sortBy;
      ex.sortBy = (rows, by, descending = false, fallback = 0) =>
        rows.length > 0 && typeof by === 'number' && rows.every((row) => typeof row[by] === 'string')
          ? rows.slice().sort((a, b) => (descending ? b[by] - a[by] : a[by] - b[by]))
          : sortBy(rows, by, descending, fallback);
    }

    // ---- Unused fields ----

    // The cost of a trade needs a multiplication of big integers, and its fees and its date text take
    // as long again. Together they are half of the time per trade.
    ex.safeTrade = (trade) => trade;
    const iso8601 = ex.iso8601;
    ex.iso8601 = (timestamp) => (current === undefined ? iso8601(timestamp) : undefined);

    // ---- Watching ----

    const WATCH = {
      trades: (symbol) => ex.watchTrades(symbol),
      l2_book: (symbol) => ex.watchOrderBook(symbol),
      quotes: (symbol) =>
        quoteSource === 'watchBidsAsks' ? ex.watchBidsAsks([symbol]) : ex.watchTicker(symbol),
    };
    const UNWATCH = {
      trades: (symbol) => ex.unWatchTrades(symbol),
      l2_book: (symbol) => ex.unWatchOrderBook(symbol),
      quotes: (symbol) =>
        quoteSource === 'watchBidsAsks' ? ex.unWatchBidsAsks([symbol]) : ex.unWatchTicker(symbol),
    };

    function begin(channel, symbol) {
      if (!closed && !watched[channel].has(symbol)) {
        const stream = { channel, symbol, live: false, client: undefined };
        watched[channel].set(symbol, stream);
        watch(stream);
      }
    }

    // CCXT's state of a stream must be removed before the stream is resubscribed. If CCXT cannot
    // unsubscribe, or the exchange does not respond, only a new connection guarantees that.
    function resubscribe(channel, symbol) {
      const stream = watched[channel].get(symbol);
      if (stream === undefined) {
        return;
      }
      const client = stream.client;
      watched[channel].delete(symbol);
      stopped(stream, 'resubscribing');
      wake();
      const timeout = new Promise((resolve, reject) =>
        setTimeout(() => reject(new Error('no response to the unsubscription')), UNSUBSCRIBED_MS),
      );
      Promise.race([Promise.resolve().then(() => UNWATCH[channel](symbol)), timeout])
        .catch((error) => {
          console.debug('closing the connection to resubscribe: ' + messageOf(error));
          return client === undefined ? undefined : client.close();
        })
        .catch((error) => console.debug('cannot close the connection: ' + messageOf(error)))
        .then(() => {
          if (channel === 'l2_book' && ex.orderbooks) {
            delete ex.orderbooks[symbol];
          }
          begin(channel, symbol);
        });
    }

    async function watch(stream) {
      let pause = FIRST_PAUSE_MS;
      const wanted = () => !closed && watched[stream.channel].get(stream.symbol) === stream;
      while (wanted()) {
        try {
          await WATCH[stream.channel](stream.symbol);
          pause = FIRST_PAUSE_MS;
          await untilRoused(REARM_MS);
        } catch (error) {
          if (!wanted()) {
            return;
          }
          stopped(stream, messageOf(error));
          sink.error(stream.channel, stream.symbol, kindOf(error), nameOf(error), messageOf(error));
          await new Promise((resolve) => setTimeout(resolve, pause));
          pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
        }
      }
    }

    // ---- Requests ----

    function answer(request, promise, shown) {
      promise.then(
        (value) => sink.reply(request, shown(value)),
        (error) => sink.refuse(request, kindOf(error), nameOf(error), messageOf(error)),
      );
    }

    // Some classes give a number of decimals; all of them can be converted to a step.
    const step = (precision) =>
      precision === undefined || precision === null
        ? null
        : ex.precisionMode === ccxt.TICK_SIZE
          ? text(precision)
          : ex.precisionMode === ccxt.DECIMAL_PLACES
            ? '1e' + -precision
            : null;

    // Some classes keep tables in their options that they create while they read their markets.
    const derivedOptions = () =>
      Object.fromEntries(Object.entries(ex.options).filter(([name]) => !optionNames.has(name)));

    function listed(markets) {
      keepText();
      return markets;
    }

    const rows = (markets) =>
      JSON.stringify(
        Object.values(markets)
          .filter((m) => m && m.symbol && m.base && m.quote)
          .map(marketOf),
      );

    const marketOf = (m) => [
      text(m.symbol),
      text(m.id),
      text(m.base),
      text(m.quote),
      text(m.settle),
      text(m.type),
      m.linear === undefined ? null : m.linear,
      m.inverse === undefined ? null : m.inverse,
      text(m.contractSize),
      m.active !== false,
      m.expiry === undefined ? null : m.expiry,
      step(m.precision && m.precision.price),
      step(m.precision && m.precision.amount),
    ];

    return {
      has: () =>
        JSON.stringify({
          name: String(ex.name),
          channels: [
            ...(ex.has.watchTrades === true ? ['trades'] : []),
            ...(ex.has.watchOrderBook === true ? ['l2_book'] : []),
            ...(quoteSource !== undefined ? ['quotes'] : []),
          ],
          fetchTrades: ex.has.fetchTrades === true || ex.has.fetchTrades === 'emulated',
          fetchBook: ex.has.fetchOrderBook === true || ex.has.fetchOrderBook === 'emulated',
          sandbox: ex.urls !== undefined && ex.urls.test !== undefined,
          rateLimitMs: millis(ex.rateLimit),
        }),
      loadMarkets: (request, reload) => answer(request, ex.loadMarkets(reload).then(listed), rows),
      exportMarkets: (request) =>
        answer(request, Promise.resolve([ex.markets, ex.currencies, derivedOptions()]), JSON.stringify),
      importMarkets: (request, exported) => {
        const [markets, currencies, options] = JSON.parse(exported);
        Object.assign(ex.options, options);
        ex.setMarkets(Object.values(markets), currencies);
        // Some classes derive more data from their markets in loadMarkets; it sends no request now.
        answer(request, ex.loadMarkets().then(listed), rows);
      },
      watch: begin,
      resubscribe,
      unwatch: (channel, symbol) => {
        if (watched[channel].delete(symbol)) {
          Promise.resolve()
            .then(() => UNWATCH[channel](symbol))
            .catch((error) => console.debug('cannot unsubscribe: ' + messageOf(error)));
          wake();
        }
      },
      fetchTrades: (request, symbol, sinceMs, limit) =>
        answer(
          request,
          ex.fetchTrades(symbol, sinceMs < 0 ? undefined : sinceMs, limit < 1 ? undefined : limit),
          (trades) =>
            JSON.stringify(
              trades.map((t) => [
                text(t.symbol),
                text(t.id),
                millis(t.timestamp),
                text(t.side),
                text(t.price),
                text(t.amount),
                text(t.takerOrMaker),
              ]),
            ),
        ),
      fetchOrderBook: (request, symbol, limit) =>
        answer(request, ex.fetchOrderBook(symbol, limit < 1 ? undefined : limit), (book) =>
          JSON.stringify([
            millis(book.timestamp),
            millis(book.nonce),
            book.bids.map((level) => level.slice(0, 2)).join(','),
            book.asks.map((level) => level.slice(0, 2)).join(','),
          ]),
        ),
      close: () => {
        closed = true;
        wake();
        ex.close().catch(() => {});
      },
    };
  }

  // Every exchange that streams, and what its class declares that it supports.
  function catalog() {
    return JSON.stringify(
      Object.keys(ccxt.pro)
        .filter((id) => ccxt.exchanges[id] !== undefined)
        .map((id) => {
          const ex = new ccxt.pro[id]();
          return {
            id,
            name: String(ex.name),
            trades: ex.has.watchTrades === true,
            book: ex.has.watchOrderBook === true,
            quotes: ex.has.watchBidsAsks === true ? 'watchBidsAsks' : ex.has.watchTicker === true ? 'watchTicker' : '',
            history: ex.has.fetchTrades === true,
            bookSnapshot: ex.has.fetchOrderBook === true,
            sandbox: ex.urls.test !== undefined,
          };
        }),
    );
  }

  const knows = (id) => ccxt.exchanges[id] !== undefined && typeof (ccxt.pro[id] || ccxt[id]) === 'function';

  return { open, catalog, knows };
})();
