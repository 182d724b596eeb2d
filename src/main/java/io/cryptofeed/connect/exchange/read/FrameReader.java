package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonToken;
import io.cryptofeed.connect.exchange.read.FrameState.EventLevels;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message in one pass over its bytes: notes the position of each scalar that is read,
 * narrows the set of routes that the message can still take, and reads the levels of books as it
 * meets them. Scalars are converted only after the whole message has proved valid and its route is
 * known. The order of fields does not matter. Allocates nothing for a book, and only the id's text
 * for a trade. Used by one thread.
 *
 * <p>A message is one event, or each row of a list in it is one: {@link #read} returns the number
 * of events, {@link #select} selects one, and {@link #events} builds it.
 */
public final class FrameReader {

  /** What {@link #read} returns for a valid message of no known kind. */
  public static final int UNKNOWN = -1;

  private static final byte[] NOTHING = {};

  private final MessageTrie trie;
  private final FrameTokens tokens = new FrameTokens();
  private final FrameState state;
  private final int[] positions;
  private final EventLevels levelsOfMessage;
  private final LevelReader levels;
  private final Rows rows;
  private final EventBuilder events;

  /** A reader of the messages of one connection, or of one response. */
  public FrameReader(MessageTrie trie) {
    this.trie = trie;
    state = new FrameState(trie.placeCount());
    positions = state.positions;
    levelsOfMessage = state.levels;
    levels = new LevelReader(tokens, state);
    rows = new Rows(trie, state);
    events = new EventBuilder(state);
  }

  /** Builds the event that {@link #select} has selected. */
  public EventBuilder events() {
    return events;
  }

  /**
   * Reads a message.
   *
   * @return the number of its events, or {@link #UNKNOWN}
   * @throws MalformedMessageException if it is not valid UTF-8 or JSON, or has a field twice
   */
  public int read(byte[] message, int offset, int length) throws MalformedMessageException {
    state.buffer = message;
    state.alive = trie.allRoutes();
    state.seen = 0;
    state.levels = levelsOfMessage;
    state.levels.clear();
    Arrays.fill(positions, FrameState.ABSENT);
    rows.clear();
    if (!Utf8.isValid(message, offset, length)) {
      state.alive = 0;
      throw new MalformedMessageException("not valid UTF-8, " + length + " bytes");
    }
    boolean complete = false;
    try {
      Place root = trie.root();
      JsonToken first = tokens.open(message, offset, length);
      if (first == JsonToken.START_OBJECT) {
        object(root);
      } else if (root.each() != null) {
        positions[root.index()] = FrameState.ARRAY;
        list(root.each());
      } else {
        tokens.skip();
        state.alive = 0;
      }
      tokens.close();
      complete = true;
    } catch (IOException | IndexOutOfBoundsException e) {
      // The parser meets the remote host's bytes first: a fault in it must not end the connection.
      throw new MalformedMessageException("not valid JSON, " + length + " bytes");
    } finally {
      if (!complete) {
        tokens.discard();
      }
    }
    return rows.listEvents();
  }

  /**
   * Selects an event of the message that was read last.
   *
   * @param event its index, from 0; trades are ordered from the oldest
   * @return its route, or null if it is of no known kind
   */
  @Nullable
  public MessageRoute select(int event) {
    return rows.select(event);
  }

  /** Ends the work on a message: gives back the memory of an unusually large one. */
  public void release() {
    state.buffer = NOTHING;
    levelsOfMessage.book.releaseLevels();
    rows.release();
  }

  /** The sequence number of the message within its connection, or -1 if it has none. */
  public long connectionSequence() throws MalformedMessageException {
    Place place = trie.connectionSequence();
    return place == null || state.position(place) <= FrameState.ABSENT
        ? -1
        : Scalars.wholeNumber(state.buffer, state.require(place));
  }

  private void object(Place place) throws IOException, MalformedMessageException {
    String name;
    while ((name = tokens.nextName()) != null) {
      Place child = place.child(name);
      JsonToken token = tokens.next();
      if (child == null || !child.isWanted(state.alive)) {
        if (token.isStructStart()) {
          tokens.skip();
        }
        continue;
      }
      if (positions[child.index()] != FrameState.ABSENT) {
        throw new MalformedMessageException("field " + child.path() + " occurs twice");
      }
      value(child, token);
    }
  }

  private void value(Place place, JsonToken token) throws IOException, MalformedMessageException {
    if (token.isStructStart()) {
      structure(place, token);
    } else {
      scalar(place);
    }
  }

  private void scalar(Place place) throws MalformedMessageException {
    int at = tokens.position();
    positions[place.index()] = at;
    if (place.isTested()) {
      state.seen |= place.testBit();
      state.alive &= place.matching(state.buffer, at);
    }
  }

  private void structure(Place place, JsonToken token)
      throws IOException, MalformedMessageException {
    state.alive &= ~place.tested();
    if (token == JsonToken.START_OBJECT) {
      positions[place.index()] = FrameState.OBJECT;
      if (place.anyField() == null) {
        object(place);
      } else {
        fields(place, place.anyField());
      }
      return;
    }
    positions[place.index()] = FrameState.ARRAY;
    Place.Levels layout = place.levels();
    if (layout != null) {
      levels.read(layout);
    } else if (place.each() != null && place.each().isWanted(state.alive)) {
      list(place.each());
    } else {
      tokens.skip();
    }
  }

  /** Reads each element of the list that has just begun. */
  private void list(Place each) throws IOException, MalformedMessageException {
    Rows.OfList into = rows.of(each.scope());
    int parent = rows.outerRow(each.scope());
    long outerAlive = state.alive;
    long outerSeen = state.seen;
    EventLevels outerLevels = state.levels;
    JsonToken token;
    while ((token = tokens.next()) != JsonToken.END_ARRAY) {
      into.begin(outerLevels);
      state.seen = 0;
      if (token == JsonToken.START_OBJECT) {
        object(each);
      } else if (token == JsonToken.START_ARRAY) {
        columns(each);
      }
      into.end(parent);
      state.alive = outerAlive;
    }
    into.clearPositions();
    state.seen = outerSeen;
    state.levels = outerLevels;
  }

  /**
   * Reads the fields of an object, whose names do not matter, as if they were elements of a list.
   * Scalars among them are skipped; an object with scalars only is not a list.
   */
  private void fields(Place object, Place each) throws IOException, MalformedMessageException {
    Rows.OfList into = rows.of(each.scope());
    int parent = rows.outerRow(each.scope());
    EventLevels outerLevels = state.levels;
    while (tokens.nextName() != null) {
      JsonToken token = tokens.next();
      if (token.isStructStart()) {
        positions[object.index()] = FrameState.ARRAY;
        into.begin(outerLevels);
        structure(each, token);
        into.end(parent);
      }
    }
    into.clearPositions();
    state.levels = outerLevels;
  }

  private void columns(Place row) throws IOException, MalformedMessageException {
    JsonToken token;
    for (int column = 0; (token = tokens.next()) != JsonToken.END_ARRAY; column++) {
      Place child = row.column(column);
      if (child != null && child.isWanted(state.alive)) {
        value(child, token);
      } else if (token.isStructStart()) {
        tokens.skip();
      }
    }
  }
}
