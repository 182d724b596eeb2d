package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.text.UntrustedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/** The functions that the driver calls; {@link Driver} has the protocol. Used in turns only. */
final class DriverSink {

  /** The layouts of the plain channels by code, one of which is looked up for each message. */
  private static final Map<String, ChannelLayout> LAYOUTS =
      Channels.BUILT_IN.layouts().stream()
          .collect(
              Collectors.toUnmodifiableMap(layout -> layout.channel().code(), layout -> layout));

  private final ScriptContext script;
  private final HostSockets sockets;
  private final Events events;

  /** Takes the events of the script. */
  interface Events {
    void trade(CcxtTrade trade);

    void book(CcxtBook book);

    void observation(CcxtObservation observation);

    void started(Channel channel, String symbol);

    void stopped(Channel channel, String symbol, String reason);

    /**
     * @param channel null if the error belongs to no stream
     */
    void error(@Nullable Channel channel, String symbol, CcxtException error);

    void reply(int request, String json);

    void refuse(int request, CcxtException error);
  }

  /**
   * @param sockets know when the message was received that the script works on
   */
  DriverSink(ScriptContext script, HostSockets sockets, Events events) {
    this.script = script;
    this.sockets = sockets;
    this.events = events;
  }

  /** The functions as an object of the script. */
  ProxyObject functions() {
    Map<String, Object> functions = new HashMap<>();
    functions.put("trade", script.function(this::trade));
    functions.put("book", script.function(this::book));
    functions.put("observation", script.function(this::observation));
    functions.put("started", script.function(this::started));
    functions.put("stopped", script.function(this::stopped));
    functions.put("error", script.function(this::error));
    functions.put("reply", script.function(this::reply));
    functions.put("refuse", script.function(this::refuse));
    return ProxyObject.fromMap(functions);
  }

  private @Nullable Object trade(Value... a) {
    events.trade(
        new CcxtTrade(
            a[0].asString(),
            text(a[1]),
            number(a[2]),
            text(a[3]),
            text(a[4]),
            text(a[5]),
            text(a[6]),
            sockets.receiveNs()));
    return null;
  }

  private @Nullable Object book(Value... a) {
    events.book(
        new CcxtBook(
            a[0].asString(),
            a[1].asBoolean(),
            number(a[2]),
            number(a[3]),
            number(a[4]),
            number(a[5]),
            new CcxtLevels(a[6].asString()),
            new CcxtLevels(a[7].asString()),
            sockets.receiveNs()));
    return null;
  }

  private @Nullable Object observation(Value... a) {
    ChannelLayout layout = layout(a[0].asString());
    events.observation(
        new CcxtObservation(
            layout, a[1].asString(), number(a[2]), values(layout, a), sockets.receiveNs()));
    return null;
  }

  /** The arguments from the fourth on, one for each field. */
  private static List<@Nullable String> values(ChannelLayout layout, Value... a) {
    List<@Nullable String> values = new ArrayList<>();
    for (int field = 0; field < layout.fields().size(); field++) {
      int at = 3 + field;
      values.add(at < a.length ? text(a[at]) : null);
    }
    return values;
  }

  private static ChannelLayout layout(String code) {
    ChannelLayout layout = LAYOUTS.get(code);
    if (layout == null) {
      throw unknown(code);
    }
    return layout;
  }

  /** The channel of a code that the driver uses. */
  static Channel channel(String code) {
    return Channels.BUILT_IN.parse(code).orElseThrow(() -> unknown(code));
  }

  private static IllegalStateException unknown(String code) {
    return new IllegalStateException("the driver has an unknown channel '" + code + "'");
  }

  private @Nullable Object started(Value... a) {
    events.started(channel(a[0].asString()), a[1].asString());
    return null;
  }

  private @Nullable Object stopped(Value... a) {
    events.stopped(
        channel(a[0].asString()), a[1].asString(), UntrustedText.sanitised(a[2].asString()));
    return null;
  }

  private @Nullable Object error(Value... a) {
    String channel = a[0].asString();
    events.error(
        channel.equals("message") ? null : channel(channel),
        a[1].asString(),
        exception(a[2], a[3], a[4]));
    return null;
  }

  private @Nullable Object reply(Value... a) {
    events.reply(a[0].asInt(), a[1].asString());
    return null;
  }

  private @Nullable Object refuse(Value... a) {
    events.refuse(a[0].asInt(), exception(a[1], a[2], a[3]));
    return null;
  }

  private CcxtException exception(Value kind, Value name, Value message) {
    return new CcxtException(
        CcxtErrorKind.of(kind.asString()), name.asString(), message.asString());
  }

  private static @Nullable String text(Value value) {
    return value.isNull() ? null : value.asString();
  }

  private static long number(Value value) {
    return value.fitsInLong() ? value.asLong() : (long) value.asDouble();
  }
}
