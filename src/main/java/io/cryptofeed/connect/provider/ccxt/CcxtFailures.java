package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The errors that fail a task because an exchange served by CCXT cannot do what is configured. */
final class CcxtFailures {

  private CcxtFailures() {}

  /** The script cannot run at all. */
  static FatalFeedException unavailable(String exchange, String reason) {
    return new FatalFeedException("exchange '" + exchange + "', served by CCXT: " + reason);
  }

  /** The exchange requires credentials, or rejects the configured ones. */
  static FatalFeedException credentials(String exchange, CcxtException error) {
    return new FatalFeedException(
        "exchange '"
            + exchange
            + "' rejected the credentials, or requires some: "
            + error.getMessage()
            + ". Set or correct exchange."
            + exchange
            + ".api.key, .api.secret and, if the exchange has one, .api.passphrase",
        error);
  }

  /** CCXT cannot list the markets of the exchange. */
  static FatalFeedException markets(String exchange, CcxtException error) {
    return new FatalFeedException(
        "CCXT cannot list the markets of exchange '"
            + exchange
            + "': "
            + error.getMessage()
            + ". Correct exchange."
            + exchange
            + ".ccxt.options, or remove the exchange",
        error);
  }

  /** The class does not have all configured channels. */
  static FatalFeedException channels(
      String exchange, CcxtAbilities abilities, Collection<Channel> missing) {
    List<String> has = new ArrayList<>();
    for (Channel channel : Channels.BUILT_IN.all()) {
      if (abilities.canWatch(channel)) {
        has.add(channel.code());
      } else if (abilities.canPoll(channel)) {
        has.add(channel.code() + " (polled over REST)");
      }
    }
    return new FatalFeedException(
        "exchange '"
            + exchange
            + "', served by CCXT "
            + abilities.version()
            + ", has no "
            + String.join(", ", missing.stream().map(Channel::code).sorted().toList())
            + "; it has "
            + (has.isEmpty() ? "no channel at all" : String.join(", ", has))
            + ". Correct the property channels");
  }
}
