package io.cryptofeed.connect.provider;

/** The streams of one exchange, from any provider. Safe for use by many threads. */
public interface RunningFeed {

  /** Begins to connect, and returns at once. */
  void start();

  /** Pauses or resumes reading from all its sockets, including those that are opened later. */
  void setReading(boolean reading);

  /** Closes all its connections; returns at once. Idempotent. */
  void close();
}
