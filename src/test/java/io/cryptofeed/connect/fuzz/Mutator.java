package io.cryptofeed.connect.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes good inputs into bad and odd ones, by chance. */
public final class Mutator {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");
  private static final Pattern WORD = Pattern.compile("\"[A-Za-z0-9_./:-]*\"");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1e99999999999",
          "1e600000000",
          "1e-600000000",
          "1E+308",
          "1e101",
          "0.0000000000000000001",
          "9223372036854775807",
          "9223372036854775808",
          "-1.5",
          "00",
          "01",
          "1.",
          ".1",
          "+1",
          "NaN",
          "Infinity",
          "null",
          "true",
          "\"\"",
          "[]",
          "{}",
          "\"1 \"",
          "0x10",
          "1_000",
          "１２",
          "99999999999999999999999999999999999999",
          "1577836800000",
          "-62135596800000",
          "1767225600",
          "1767225600000000",
          "0.1e1",
          "1e",
          "--1",
          "1,5");

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "\\uD83D\\uDE00",
          "null",
          "\u0000",
          "\u001b[31m",
          "\r\n",
          "\uFEFF",
          "/*",
          "//",
          "'",
          "é",
          "价",
          "😀",
          "{}",
          "[]",
          "[[[[",
          "{\"a\":",
          "\"s\":\"BTCUSDT\",",
          "\"price\":\"1\",",
          "&a",
          "*a",
          "!!int",
          "- ",
          ": ",
          "${",
          "${env:X}",
          "http://",
          "@",
          "%",
          "\t",
          "HTTP/1.1 200 OK\r\n",
          "\u0005\u0000");

  private static final List<byte[]> BAD_UTF8 =
      List.of(
          new byte[] {(byte) 0x80},
          new byte[] {(byte) 0xc0, (byte) 0xaf},
          new byte[] {(byte) 0xe0, (byte) 0x80, (byte) 0xaf},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
          new byte[] {(byte) 0xff},
          new byte[] {(byte) 0xe4, (byte) 0xbb});

  private final Random random;

  public Mutator(Random random) {
    this.random = random;
  }

  /** A text with one to four changes. */
  public byte[] mutated(String input, List<String> others) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      bytes = change(bytes, others);
    }
    return bytes;
  }

  private byte[] change(byte[] input, List<String> others) {
    return switch (random.nextInt(11)) {
      case 0 -> flip(input);
      case 1 -> cut(input);
      case 2 -> Arrays.copyOf(input, random.nextInt(input.length + 1));
      case 3 -> insert(input, utf8(pick(PIECES)));
      case 4 -> insert(input, BAD_UTF8.get(random.nextInt(BAD_UTF8.size())));
      case 5 -> repeat(input);
      case 6, 7 -> replace(input, NUMBER, pick(NUMBERS));
      case 8 -> replace(input, WORD, random.nextBoolean() ? pick(NUMBERS) : otherWord(input));
      case 9 -> splice(input, utf8(pick(others)));
      default -> insert(input, utf8(pick(PIECES).repeat(1 + random.nextInt(100))));
    };
  }

  private byte[] flip(byte[] input) {
    byte[] output = input.clone();
    if (output.length > 0) {
      output[random.nextInt(output.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return output;
  }

  private byte[] cut(byte[] input) {
    int from = random.nextInt(input.length + 1);
    int to = from + random.nextInt(Math.min(20, input.length - from) + 1);
    return joined(Arrays.copyOf(input, from), Arrays.copyOfRange(input, to, input.length));
  }

  private byte[] insert(byte[] input, byte[] piece) {
    int at = random.nextInt(input.length + 1);
    return joined(Arrays.copyOf(input, at), piece, Arrays.copyOfRange(input, at, input.length));
  }

  private byte[] repeat(byte[] input) {
    int from = random.nextInt(input.length + 1);
    int to = from + random.nextInt(Math.min(60, input.length - from) + 1);
    byte[] piece = Arrays.copyOfRange(input, from, to);
    return joined(Arrays.copyOf(input, to), piece, Arrays.copyOfRange(input, to, input.length));
  }

  private byte[] splice(byte[] input, byte[] other) {
    return joined(
        Arrays.copyOf(input, random.nextInt(input.length + 1)),
        Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length));
  }

  private byte[] replace(byte[] input, Pattern what, String by) {
    String text = new String(input, StandardCharsets.UTF_8);
    List<MatchResult> places = matches(what, text);
    if (places.isEmpty()) {
      return flip(input);
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    return utf8(text.substring(0, place.start()) + by + text.substring(place.end()));
  }

  private String otherWord(byte[] input) {
    List<MatchResult> words = matches(WORD, new String(input, StandardCharsets.UTF_8));
    return words.isEmpty() ? "\"\"" : words.get(random.nextInt(words.size())).group();
  }

  private static List<MatchResult> matches(Pattern what, String text) {
    List<MatchResult> places = new ArrayList<>();
    Matcher matcher = what.matcher(text);
    while (matcher.find()) {
      places.add(matcher.toMatchResult());
    }
    return places;
  }

  /** Any one of a list. */
  public <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
