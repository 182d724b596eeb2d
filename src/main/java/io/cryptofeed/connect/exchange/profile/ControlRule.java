package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message about subscriptions or about the connection. Such a message is rare, so it is read as a
 * tree.
 */
public sealed interface ControlRule extends MessageRule {

  /** The venue expects a reply that repeats one value of the message. */
  record Ping(Recognition recognition, Pointer value, FrameTemplate reply) implements ControlRule {

    @Override
    public List<Pointer> reads() {
      return List.of(value);
    }
  }

  /**
   * The venue confirms subscriptions: those of a request, or one stream by its name, or one by its
   * channel and symbol.
   *
   * @param names the channel of each of the venue's channel names
   */
  record Confirmation(
      Recognition recognition,
      @Nullable Pointer request,
      @Nullable Pointer stream,
      @Nullable Pointer channel,
      @Nullable Pointer symbol,
      Map<String, Channel> names)
      implements ControlRule {

    public Confirmation {
      names = Map.copyOf(names);
    }

    @Override
    public List<Pointer> reads() {
      return MessageRule.present(request, stream, channel, symbol);
    }
  }

  /**
   * The venue lists everything that is subscribed now: as rows with a channel and its symbols, or
   * as an object whose fields are channels.
   *
   * @param list the list or the object
   * @param channel the venue's name of the channel, relative to a row; null if fields name it
   * @param symbols the venue's symbols, relative to a row; null if fields name the channel
   * @param names the channel of each of the venue's channel names
   */
  record ConfirmationList(
      Recognition recognition,
      Pointer list,
      @Nullable Pointer channel,
      @Nullable Pointer symbols,
      Map<String, Channel> names)
      implements ControlRule {

    public ConfirmationList {
      names = Map.copyOf(names);
    }

    @Override
    public List<Pointer> reads() {
      return List.of(list);
    }
  }

  /** The venue refuses a request, or the part of a request that is about one symbol. */
  record Refusal(
      Recognition recognition,
      Refused refuses,
      @Nullable Pointer request,
      @Nullable Pointer symbol,
      @Nullable Pointer code,
      Pointer text)
      implements ControlRule {

    @Override
    public List<Pointer> reads() {
      return MessageRule.present(request, symbol, code, text);
    }
  }

  /** The venue asks for a new connection. */
  record Reconnect(Recognition recognition, String reason) implements ControlRule {

    @Override
    public List<Pointer> reads() {
      return List.of();
    }
  }

  /** The venue reports something about itself, for example maintenance. */
  record Notice(Recognition recognition, Pointer text) implements ControlRule {

    @Override
    public List<Pointer> reads() {
      return List.of(text);
    }
  }

  /** The subject of a refusal. */
  enum Refused {
    /** The request whose id it carries; without an id, no particular request. */
    REQUEST,
    /** Every subscription that is not yet confirmed. */
    UNCONFIRMED
  }
}
