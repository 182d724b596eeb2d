package io.cryptofeed.connect.local.quickstart;

import io.cryptofeed.connect.local.proxy.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the data of both exchanges arrived, and all of it through the proxy. */
final class Verdict {

  private Verdict() {}

  /**
   * A sentence for each condition that failed; empty if all hold.
   *
   * @param records how many records of each topic were decoded
   * @param tunnels the tunnels that the worker requested from the proxy
   * @param exchanges the ids of the exchanges, which are part of their host names
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
            "the proxy opened tunnels to "
                + hosts
                + " hosts of "
                + exchange
                + "; expected are 2, one for the stream and one for the REST API");
      }
    }
    for (Tunnel tunnel : tunnels) {
      if (!tunnel.isByName()) {
        failures.add(
            "the worker resolved a host name, instead of the proxy: it requested a tunnel to "
                + tunnel);
      }
    }
    failures.addAll(bypasses);
    return failures;
  }
}
