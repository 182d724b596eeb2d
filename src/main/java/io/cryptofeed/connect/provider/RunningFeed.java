package io.cryptofeed.connect.provider;

/** One exchange that is streamed, by whatever means. Safe for use by many threads. */
public interface RunningFeed {

  /** Begins to connect, and returns at once. */
  void start();

  /** Stops or resumes reading from all its sockets, those to come included. */
  void setReading(boolean reading);

  /** Closes everything of it; returns at once. Idempotent. */
  void close();
}
