package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.FrameTemplate;
import io.cryptofeed.connect.exchange.profile.FrameTemplate.Placeholder;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.read.MessageRoute;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.text.UntrustedText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Handles the messages about subscriptions and about the connection of one session. Used by one
 * thread.
 */
final class ControlMessages {

  private final Map<String, Instrument> instruments;
  private final SubscriptionLedger ledger;

  /**
   * @param instruments the instruments of the session, by the venue's symbol
   */
  ControlMessages(Map<String, Instrument> instruments, SubscriptionLedger ledger) {
    this.instruments = instruments;
    this.ledger = ledger;
  }

  /**
   * Handles a message.
   *
   * @throws MalformedMessageException if it does not have the form that the profile describes
   */
  void onMessage(MessageRoute.OfControl route, JsonNode message, SessionListener listener)
      throws MalformedMessageException {
    JsonNode content = message.at(route.envelope().compile());
    ControlRule rule = route.rule();
    if (rule instanceof ControlRule.Confirmation confirmation) {
      onConfirmation(confirmation, content, listener);
    } else if (rule instanceof ControlRule.ConfirmationList list) {
      onConfirmationList(list, content, listener);
    } else if (rule instanceof ControlRule.Refusal refusal) {
      onRefusal(refusal, content, listener);
    } else if (rule instanceof ControlRule.Ping ping) {
      JsonNode value = content.at(ping.value().compile());
      FrameTemplate.Values values = new FrameTemplate.Values().with(Placeholder.VALUE, value);
      listener.onReply(ping.reply().fill(values).toString());
    } else if (rule instanceof ControlRule.Notice notice) {
      listener.onNotice(UntrustedText.sanitised(text(content, notice.text())));
    } else if (rule instanceof ControlRule.Reconnect reconnect) {
      listener.onReconnectRequested(reconnect.reason());
    }
  }

  private void onConfirmation(
      ControlRule.Confirmation rule, JsonNode content, SessionListener listener) {
    if (rule.request() != null) {
      // Replies come in order, so one that names no request is about the oldest.
      boolean named = !text(content, rule.request()).isEmpty();
      ledger
          .confirm(named ? request(content, rule.request()) : ledger.oldestUnconfirmed())
          .forEach(listener::onSubscribed);
    } else if (rule.stream() != null) {
      confirm(ledger.stream(text(content, rule.stream())), listener);
    } else if (rule.channel() != null && rule.symbol() != null) {
      confirm(rule.names(), text(content, rule.channel()), text(content, rule.symbol()), listener);
    }
  }

  private void confirm(
      Map<String, Channel> names, String channelName, String symbol, SessionListener listener) {
    Channel channel = names.get(channelName);
    Instrument instrument = instruments.get(symbol);
    if (channel != null && instrument != null) {
      confirm(new MarketStream(channel, instrument), listener);
    }
  }

  private void confirm(@Nullable MarketStream stream, SessionListener listener) {
    if (stream != null && ledger.confirm(stream)) {
      listener.onSubscribed(stream);
    }
  }

  private void onConfirmationList(
      ControlRule.ConfirmationList rule, JsonNode content, SessionListener listener)
      throws MalformedMessageException {
    JsonNode list = content.at(rule.list().compile());
    Pointer channel = rule.channel();
    Pointer symbols = rule.symbols();
    if (channel == null || symbols == null) {
      if (!list.isObject()) {
        throw new MalformedMessageException("field " + rule.list() + " is not an object");
      }
      for (Map.Entry<String, JsonNode> field : list.properties()) {
        for (JsonNode symbol : field.getValue()) {
          confirm(rule.names(), field.getKey(), symbol.asText(), listener);
        }
      }
      return;
    }
    if (!list.isArray()) {
      throw new MalformedMessageException("field " + rule.list() + " is not a list");
    }
    for (JsonNode row : list) {
      for (JsonNode symbol : row.at(symbols.compile())) {
        confirm(rule.names(), text(row, channel), symbol.asText(), listener);
      }
    }
  }

  private void onRefusal(ControlRule.Refusal rule, JsonNode content, SessionListener listener) {
    List<MarketStream> refused =
        switch (rule.refuses()) {
          case UNCONFIRMED -> ledger.refuseUnconfirmed();
          case REQUEST -> refused(rule, content);
        };
    String reason = errorText(rule.code(), rule.text(), content);
    if (refused.isEmpty()) {
      listener.onVenueError(reason);
    } else {
      listener.onRefused(refused, reason);
    }
  }

  private List<MarketStream> refused(ControlRule.Refusal rule, JsonNode content) {
    long request = request(content, Objects.requireNonNull(rule.request()));
    String symbol = rule.symbol() == null ? "" : text(content, rule.symbol());
    if (symbol.isEmpty()) {
      return ledger.refuse(request);
    }
    Instrument instrument = instruments.get(symbol);
    return instrument == null ? List.of() : ledger.refuse(request, instrument);
  }

  private static String text(JsonNode content, Pointer pointer) {
    return content.at(pointer.compile()).asText("");
  }

  /** The number of the request that a message is about, 0 if the session did not send it. */
  private static long request(JsonNode content, Pointer pointer) {
    return content.at(pointer.compile()).asLong(0);
  }

  /** The venue's error code and error text; empty if the content has neither. */
  static String errorText(@Nullable Pointer code, Pointer text, JsonNode content) {
    String message = text(content, text);
    String number = code == null ? "" : text(content, code);
    return UntrustedText.sanitised(
        number.isEmpty() ? message : message.isEmpty() ? number : number + ": " + message);
  }
}
