package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.proxy.pool.MemberState;
import java.util.List;

/** How the members of a pool are doing, those that drain included. */
public record PoolStates(String pool, List<MemberState> members) {

  public PoolStates {
    members = List.copyOf(members);
  }
}
