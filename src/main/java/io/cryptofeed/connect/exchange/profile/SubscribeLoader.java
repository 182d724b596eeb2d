package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.SubscribeRules.Frames;
import io.cryptofeed.connect.exchange.profile.SubscribeRules.StreamNames;
import io.cryptofeed.connect.exchange.profile.SubscribeRules.SymbolCase;
import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Loads how the streams of a venue are subscribed. */
final class SubscribeLoader {

  private SubscribeLoader() {}

  /**
   * @param messages knows the channels
   */
  static SubscribeRules subscribe(ProfileNode node, MessageLoader messages) {
    node.only(
        "mode",
        "symbol_case",
        "per_frame",
        "frame",
        "unsubscribe",
        "frames",
        "each",
        "streams",
        "companions");
    SubscribeRules.Mode mode = node.get("mode").oneOf(SubscribeRules.Mode.class);
    FrameTemplate each = node.find("each", FrameTemplate::new);
    Map<Channel, StreamNames> streams = new TreeMap<>();
    boolean named = mode == SubscribeRules.Mode.LIST && each == null;
    node.get("streams")
        .entries()
        .forEach(
            (name, value) -> streams.put(messages.channel(name, value), streamNames(named, value)));
    if (streams.isEmpty()) {
      throw node.get("streams").invalid("'streams' needs at least one channel");
    }
    List<String> companions = node.findAll("companions", ProfileNode::text);
    if (mode == SubscribeRules.Mode.LIST && !companions.isEmpty()) {
      throw node.get("companions").invalid("companions need mode list_per_channel");
    }
    int perFrame = node.get("per_frame").positive();
    Map<Channel, Frames> framesOf = new TreeMap<>();
    ProfileNode byChannel = node.entries().get("frames");
    if (byChannel != null) {
      byChannel
          .entries()
          .forEach(
              (name, value) ->
                  framesOf.put(
                      messages.channel(name, value),
                      frames(mode, perFrame, value.only("frame", "unsubscribe"))));
    }
    return new SubscribeRules(
        mode,
        node.get("symbol_case").oneOf(SymbolCase.class),
        perFrame,
        frames(mode, perFrame, node),
        framesOf,
        each,
        streams,
        companions);
  }

  private static Frames frames(SubscribeRules.Mode mode, int perFrame, ProfileNode node) {
    return new Frames(
        frame(mode, perFrame, node.get("frame")), frame(mode, perFrame, node.get("unsubscribe")));
  }

  private static FrameTemplate frame(SubscribeRules.Mode mode, int perFrame, ProfileNode node) {
    FrameTemplate template = new FrameTemplate(node);
    boolean listed =
        template.has(FrameTemplate.Placeholder.STREAMS)
            || template.has(FrameTemplate.Placeholder.ARGUMENTS);
    boolean single = template.has(FrameTemplate.Placeholder.STREAM);
    if (mode == SubscribeRules.Mode.LIST && !listed && !single) {
      throw node.invalid(
          "mode list needs a placeholder #streams, #arguments or #stream in each frame");
    }
    if (mode == SubscribeRules.Mode.LIST_PER_CHANNEL
        && !template.has(FrameTemplate.Placeholder.SYMBOLS)) {
      throw node.invalid("mode list_per_channel needs a placeholder #symbols in each frame");
    }
    if (single && perFrame > 1) {
      throw node.invalid("a placeholder #stream needs 'per_frame: 1'");
    }
    return template;
  }

  private static StreamNames streamNames(boolean needsSymbol, ProfileNode node) {
    if (node.isScalar()) {
      return new StreamNames(List.of(), List.of(streamName(needsSymbol, node)));
    }
    Map<String, ProfileNode> byMode = node.entries();
    if (byMode.isEmpty()) {
      throw node.invalid("a channel needs the name of its stream");
    }
    byMode.forEach(SubscribeLoader::checkMode);
    return new StreamNames(
        List.copyOf(byMode.keySet()),
        byMode.values().stream().map(name -> streamName(needsSymbol, name)).toList());
  }

  /** Users write modes in any case. */
  private static void checkMode(String mode, ProfileNode node) {
    if (!mode.matches("[a-z0-9][a-z0-9_.-]*")) {
      throw node.invalid(
          "a mode consists of lower-case letters, digits, '_', '.' and '-', not '" + mode + "'");
    }
  }

  private static String streamName(boolean needsSymbol, ProfileNode node) {
    String name = node.text();
    boolean hasSymbol = name.contains(ProfileLoader.SYMBOL);
    if (needsSymbol && !hasSymbol) {
      throw node.invalid("the name of a stream needs a placeholder {symbol}: '" + name + "'");
    }
    if (!needsSymbol && hasSymbol) {
      throw node.invalid("the name of a channel cannot contain {symbol}: '" + name + "'");
    }
    return name;
  }
}
