package io.cryptofeed.connect.local.proxy;

import java.util.List;

/** A running proxy on 127.0.0.1 that tells what it was asked for. */
public interface ObservedProxy extends AutoCloseable {

  /** Where it listens. */
  int port();

  /** Every tunnel that a client with the right credentials asked for, in order. */
  List<Tunnel> asked();

  /** How many clients have connected, whatever they wanted. */
  int accepted();

  @Override
  void close();
}
