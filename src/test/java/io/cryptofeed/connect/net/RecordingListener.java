package io.cryptofeed.connect.net;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Records the events of one connection. */
public class RecordingListener implements WebSocketListener {

  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<CloseReason> closed = new LinkedBlockingQueue<>();
  private final AtomicInteger controlFrames = new AtomicInteger();

  @Override
  public void onMessage(byte[] buffer, int offset, int length) {
    messages.add(Arrays.copyOfRange(buffer, offset, offset + length));
  }

  @Override
  public void onControlFrame() {
    controlFrames.incrementAndGet();
  }

  @Override
  public void onClosed(CloseReason reason) {
    closed.add(reason);
  }

  byte[] message() throws InterruptedException {
    return requireNonNull(messages.poll(20, TimeUnit.SECONDS), "no message arrived");
  }

  public String text() throws InterruptedException {
    return new String(message(), StandardCharsets.UTF_8);
  }

  CloseReason closed() throws InterruptedException {
    return requireNonNull(closed.poll(20, TimeUnit.SECONDS), "the end was not reported");
  }

  int messagesWaiting() {
    return messages.size();
  }

  int closedAgain() {
    return closed.size();
  }

  int controlFrames() {
    return controlFrames.get();
  }
}
