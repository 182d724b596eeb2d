package io.cryptofeed.connect.local.quickstart;

import io.cryptofeed.connect.local.proxy.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the quickstart showed what it is there to show. */
final class Verdict {

  private Verdict() {}

  /**
   * Every condition that failed; empty when all hold.
   *
   * @param records how many decoded records came from each topic
   * @param tunnels what the proxy was asked for
   * @param exchanges their ids, which are part of their host names
   * @param bypasses connections to exchanges that did not come from the proxy
   */
  static List<String> failures(
      Map<String, Long> records,
      List<Tunnel> tunnels,
      List<String> exchanges,
      List<String> bypasses) {
    List<String> failures = new ArrayList<>();
    records.forEach(
        (topic, count) -> {
          if (count == 0) {
            failures.add("no record arrived in " + topic);
          }
        });
    for (String exchange : exchanges) {
      long hosts =
          tunnels.stream().map(Tunnel::host).filter(h -> h.contains(exchange)).distinct().count();
      if (hosts < 2) {
        failures.add(
            "the proxy was asked for "
                + hosts
                + " hosts of "
                + exchange
                + ", not for that of the stream and that of the REST API");
      }
    }
    for (Tunnel tunnel : tunnels) {
      if (!tunnel.isByName()) {
        failures.add("the proxy was asked for an address, so a name was resolved here: " + tunnel);
      }
    }
    failures.addAll(bypasses);
    return failures;
  }
}
