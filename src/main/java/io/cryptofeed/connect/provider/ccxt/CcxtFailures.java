package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.market.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The errors that end a task because an exchange of CCXT does not do what is configured. */
final class CcxtFailures {

  private CcxtFailures() {}

  /** The exchange asks for credentials, or does not like them. */
  static FatalFeedException credentials(String exchange, CcxtException error) {
    return new FatalFeedException(
        "exchange '"
            + exchange
            + "' refuses the credentials, or asks for some: "
            + error.getMessage()
            + ". Set or correct exchange."
            + exchange
            + ".api.key, .api.secret and, where it has one, .api.passphrase",
        error);
  }

  /** CCXT cannot list its markets. */
  static FatalFeedException markets(String exchange, CcxtException error) {
    return new FatalFeedException(
        "exchange '"
            + exchange
            + "' cannot list its markets by CCXT: "
            + error.getMessage()
            + ". Correct exchange."
            + exchange
            + ".ccxt.options, or remove the exchange",
        error);
  }

  /** The class has not all channels that are wanted. */
  static FatalFeedException channels(
      String exchange, CcxtAbilities abilities, Collection<Channel> missing) {
    List<String> has = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      if (CcxtStreams.canWatch(abilities, channel)) {
        has.add(channel.code());
      } else if (CcxtStreams.canPoll(abilities, channel)) {
        has.add(channel.code() + " (asked for over REST)");
      }
    }
    return new FatalFeedException(
        "exchange '"
            + exchange
            + "' by CCXT "
            + abilities.version()
            + " has no "
            + String.join(", ", missing.stream().map(Channel::code).sorted().toList())
            + "; it has "
            + (has.isEmpty() ? "no channel at all" : String.join(", ", has))
            + ". Correct channels");
  }
}
