package io.cryptofeed.connect.local.proxy;

import java.util.List;

/** A running proxy on 127.0.0.1 that records the tunnels that clients request. */
public interface ObservedProxy extends AutoCloseable {

  /** The port on which it listens. */
  int port();

  /** Every tunnel that a client with the right credentials requested, in order. */
  List<Tunnel> tunnelsRequested();

  /** How many clients have connected, with or without a request. */
  int accepted();

  @Override
  void close();
}
