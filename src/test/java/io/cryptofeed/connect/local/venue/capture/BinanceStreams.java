package io.cryptofeed.connect.local.venue.capture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Binance's combined streams: every request is acknowledged, every frame names its stream. */
public final class BinanceStreams implements RecordedVenue.Dialect {

  @Override
  public List<String> subscribes(String path, JsonNode frame) {
    List<String> streams = new ArrayList<>();
    frame.path("params").forEach(stream -> streams.add(stream.asText()));
    return streams;
  }

  @Override
  public List<String> answers(JsonNode frame) {
    return List.of("{\"result\":null,\"id\":" + frame.path("id") + "}");
  }

  @Override
  public String stream(Recording.Frame frame) {
    return frame.json().path("stream").asText();
  }
}
