package io.cryptofeed.connect.local.venue;

/** A venue that sends what was recorded. */
abstract non-sealed class CaptureReplay extends VenueServer {
  CaptureReplay(String name, SimulatorOptions options) {
    super(name, options);
  }
}
