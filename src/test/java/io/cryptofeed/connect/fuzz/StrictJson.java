package io.cryptofeed.connect.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether bytes are one JSON value as RFC 8259 defines it, judged in the slow and obvious way. A
 * byte-order mark before it is allowed, as readers may ignore one.
 */
public final class StrictJson {

  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
  private static final Pattern STRING =
      Pattern.compile("\"(?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+\"");
  private static final Pattern SPACE = Pattern.compile("[ \\t\\r\\n]*+");

  private static final int DEEPEST = 200;

  private final String text;
  private int at;

  private StrictJson(String text) {
    this.text = text;
  }

  /** The verdict. What is nested deeper than 200 levels is not valid here. */
  public static boolean isValid(byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return false;
    }
    StrictJson json = new StrictJson(text.startsWith("\uFEFF") ? text.substring(1) : text);
    json.take(SPACE);
    boolean isValue = json.value(0);
    json.take(SPACE);
    return isValue && json.at == json.text.length();
  }

  private boolean value(int depth) {
    if (at == text.length() || depth > DEEPEST) {
      return false;
    }
    return switch (text.charAt(at)) {
      case '{' -> members(depth, '}');
      case '[' -> members(depth, ']');
      case '"' -> take(STRING);
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> take(NUMBER);
    };
  }

  private boolean members(int depth, char end) {
    at++;
    take(SPACE);
    if (found(end)) {
      return true;
    }
    do {
      take(SPACE);
      if (end == '}') {
        if (!take(STRING)) {
          return false;
        }
        take(SPACE);
        if (!found(':')) {
          return false;
        }
        take(SPACE);
      }
      if (!value(depth + 1)) {
        return false;
      }
      take(SPACE);
    } while (found(','));
    return found(end);
  }

  private boolean found(char c) {
    boolean found = at < text.length() && text.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private boolean word(String word) {
    boolean found = text.startsWith(word, at);
    at += found ? word.length() : 0;
    return found;
  }

  private boolean take(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    boolean found = matcher.lookingAt();
    at = found ? matcher.end() : at;
    return found;
  }
}
