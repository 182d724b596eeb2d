package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How streams are subscribed. Immutable.
 *
 * @param perFrame the largest number of streams, or symbols, in one frame
 * @param frames the frames of every channel that has none of its own
 * @param framesOf the frames of some channels
 * @param each the entry of one stream in a list of arguments, null if it is the stream's name
 * @param streams the venue's stream name of each channel
 * @param companions channels that are subscribed for every instrument in addition to its streams,
 *     by the venue's names
 */
public record SubscribeRules(
    Mode mode,
    SymbolCase symbolCase,
    int perFrame,
    Frames frames,
    Map<Channel, Frames> framesOf,
    @Nullable FrameTemplate each,
    Map<Channel, StreamNames> streams,
    List<String> companions) {

  public SubscribeRules {
    framesOf = Map.copyOf(framesOf);
    streams = Map.copyOf(streams);
    companions = List.copyOf(companions);
  }

  /** The frames of a channel. */
  public Frames frames(Channel channel) {
    return framesOf.getOrDefault(channel, frames);
  }

  /** What one frame can name. */
  public enum Mode {
    /** A list of streams, each with its channel and symbol in its name. */
    LIST,
    /** One channel and a list of symbols. */
    LIST_PER_CHANNEL
  }

  /** How symbols are written in the names of streams. */
  public enum SymbolCase {
    AS_IS,
    LOWER
  }

  /** The frame that subscribes, and the frame that unsubscribes. */
  public record Frames(FrameTemplate subscribe, FrameTemplate unsubscribe) {}

  /**
   * The name of a channel's streams: one for each mode, or one for all.
   *
   * @param modes the modes, the default first; empty if there is no choice
   * @param names one for each mode; a single name if there is no choice
   */
  public record StreamNames(List<String> modes, List<String> names) {

    public StreamNames {
      modes = List.copyOf(modes);
      names = List.copyOf(names);
    }

    /** The name in a mode, which is null if there is no choice. */
    public String in(@Nullable String mode) {
      return modes.isEmpty() ? names.get(0) : names.get(modes.indexOf(mode));
    }
  }
}
