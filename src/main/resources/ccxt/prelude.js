// The few browser globals that CCXT's bundle needs. Each calls a function of the host: nothing here
// opens a socket, starts a thread or reads a clock itself. Because a `window` exists, CCXT behaves as
// in a browser: it uses `self.fetch` and `self.WebSocket`, and no proxies of its own.
(function (global) {
  'use strict';

  const host = global.__host;
  delete global.__host;

  global.self = global;
  global.window = global;

  // ---- Timers ----

  const timers = new Map();
  let lastTimer = 0;

  function startTimer(task, ms, args, repeats) {
    const id = ++lastTimer;
    timers.set(id, { task, args, repeats });
    host.startTimer(id, Math.max(0, Number(ms) || 0), repeats);
    return id;
  }

  function stopTimer(id) {
    if (timers.delete(id)) {
      host.stopTimer(id);
    }
  }

  global.setTimeout = (task, ms, ...args) => startTimer(task, ms, args, false);
  global.setInterval = (task, ms, ...args) => startTimer(task, ms, args, true);
  global.clearTimeout = stopTimer;
  global.clearInterval = stopTimer;
  global.queueMicrotask = (task) => {
    Promise.resolve().then(task);
  };

  // The host calls this when a timer is due.
  function fireTimer(id) {
    const timer = timers.get(id);
    if (timer !== undefined) {
      if (!timer.repeats) {
        timers.delete(id);
      }
      timer.task(...timer.args);
    }
  }

  // ---- Console ----

  function shown(value) {
    if (typeof value === 'string') {
      return value;
    }
    if (value instanceof Error) {
      return String(value.stack);
    }
    try {
      return String(JSON.stringify(value));
    } catch (cyclic) {
      return String(value);
    }
  }

  const line = (level) => (...values) => host.log(level, values.map(shown).join(' '));
  global.console = {
    debug: line('debug'),
    log: line('debug'),
    dir: line('debug'),
    trace: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  };

  // ---- Bytes ----

  const bytesOf = (buffer) => new Uint8Array(new Uint8Array(new ArrayBuffer(buffer)));
  const plainBuffer = (view) =>
    view instanceof ArrayBuffer
      ? view
      : view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

  global.crypto = {
    getRandomValues(view) {
      const target = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      target.set(bytesOf(host.randomBytes(target.length)));
      return view;
    },
  };

  global.TextEncoder = class TextEncoder {
    get encoding() {
      return 'utf-8';
    }
    encode(text = '') {
      return bytesOf(host.encodeUtf8(String(text)));
    }
  };

  global.TextDecoder = class TextDecoder {
    get encoding() {
      return 'utf-8';
    }
    decode(view) {
      return view === undefined ? '' : host.decodeUtf8(plainBuffer(view));
    }
  };

  // CCXT expects a binary frame to be Node's Buffer: bytes whose toString() decodes them as UTF-8.
  function frameOf(buffer) {
    const bytes = bytesOf(buffer);
    Object.defineProperty(bytes, 'toString', { value: () => host.decodeUtf8(bytes.buffer) });
    return bytes;
  }

  // ---- Aborting ----

  global.DOMException = class DOMException extends Error {
    constructor(message = '', name = 'Error') {
      super(message);
      Object.defineProperty(this, 'name', { value: name });
    }
  };

  class AbortSignal {
    constructor() {
      this.aborted = false;
      this.listeners = new Set();
    }
    addEventListener(type, listener) {
      this.listeners.add(listener);
    }
    removeEventListener(type, listener) {
      this.listeners.delete(listener);
    }
  }

  global.AbortSignal = AbortSignal;
  global.AbortController = class AbortController {
    constructor() {
      this.signal = new AbortSignal();
    }
    abort() {
      if (!this.signal.aborted) {
        this.signal.aborted = true;
        this.signal.listeners.forEach((listener) => listener());
      }
    }
  };

  // ---- HTTP ----

  const REDIRECTS = [301, 302, 303, 307, 308];

  function flat(headers) {
    const pairs = [];
    for (const name of Object.keys(headers || {})) {
      if (headers[name] !== undefined && headers[name] !== null) {
        pairs.push(name, String(headers[name]));
      }
    }
    return pairs;
  }

  class Headers {
    constructor(pairs) {
      this.values = new Map();
      for (let i = 0; i < pairs.length; i += 2) {
        this.values.set(pairs[i], pairs[i + 1]);
      }
    }
    get(name) {
      const value = this.values.get(String(name).toLowerCase());
      return value === undefined ? null : value;
    }
    has(name) {
      return this.get(name) !== null;
    }
    forEach(take) {
      this.values.forEach((value, name) => take(value, name));
    }
  }

  class Response {
    constructor(status, statusText, headers, text, bytes) {
      this.status = status;
      this.statusText = statusText;
      this.ok = status >= 200 && status < 300;
      this.headers = new Headers(headers);
      this.body = { text, bytes };
    }
    async text() {
      return this.body.text;
    }
    async json() {
      return JSON.parse(this.body.text);
    }
    async arrayBuffer() {
      return bytesOf(this.body.bytes()).buffer;
    }
  }

  function failed(reason) {
    const error = new TypeError('fetch failed');
    error.cause = { message: reason };
    return error;
  }

  global.fetch = (url, options = {}) =>
    new Promise((resolve, reject) => {
      const body = options.body;
      const cancel = host.fetch(
        String(options.method || 'GET').toUpperCase(),
        String(url),
        flat(options.headers),
        body === undefined || body === null
          ? ''
          : typeof body === 'string'
            ? body
            : host.decodeUtf8(plainBuffer(body)),
        (status, statusText, headers, text, bytes) => {
          if (REDIRECTS.includes(status)) {
            reject(failed('redirected with status ' + status + ', which is never followed'));
          } else {
            resolve(new Response(status, statusText, headers, text, bytes));
          }
        },
        (reason) => reject(failed(reason)),
      );
      if (options.signal) {
        options.signal.addEventListener('abort', () => {
          cancel();
          reject(new global.DOMException('the request was given up', 'AbortError'));
        });
      }
    });

  // ---- WebSocket ----

  // As in a browser, except that the second argument may be an object with `protocols`, the `headers`
  // of the handshake, and `inflate`: the compression of binary frames, 'gzip' or 'raw'.
  const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };

  class WebSocket {
    constructor(url, options) {
      const given =
        options === null || typeof options !== 'object' || Array.isArray(options)
          ? { protocols: options }
          : options;
      this.url = String(url);
      this.readyState = STATES.CONNECTING;
      this.binaryType = 'arraybuffer';
      this.onopen = this.onmessage = this.onerror = this.onclose = null;
      this.ask = host.openSocket(
        this.url,
        [].concat(given.protocols || []).join(','),
        flat(given.headers),
        given.inflate || '',
        {
          opened: () => {
            this.readyState = STATES.OPEN;
            this.tell('onopen', {});
          },
          text: (text) => {
            if (this.onmessage !== null) {
              this.onmessage({ data: text });
            }
          },
          binary: (buffer) => this.tell('onmessage', { data: frameOf(buffer) }),
          failed: (message) => this.tell('onerror', { message }),
          closed: (code, reason) => {
            this.readyState = STATES.CLOSED;
            this.tell('onclose', { code, reason, wasClean: code === 1000 });
          },
        },
      );
    }
    tell(name, event) {
      if (this[name]) {
        this[name](event);
      }
    }
    send(text) {
      if (typeof text !== 'string') {
        throw new TypeError('only text can be sent over a WebSocket here');
      }
      this.ask('send', text);
    }
    close(code = 1000, reason = '') {
      if (this.readyState < STATES.CLOSING) {
        this.readyState = STATES.CLOSING;
        this.ask('close', code, reason);
      }
    }
  }
  Object.assign(WebSocket, STATES);
  Object.assign(WebSocket.prototype, STATES);
  global.WebSocket = WebSocket;

  return { fireTimer };
})(globalThis);
