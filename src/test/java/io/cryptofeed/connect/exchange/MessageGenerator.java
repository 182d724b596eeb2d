package io.cryptofeed.connect.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes up messages of a venue in every way in which JSON allows to write them, some of them wrong,
 * and damages messages. Reproducible by its seed.
 */
final class MessageGenerator {

  private final Random random;

  MessageGenerator(long seed) {
    random = new Random(seed);
  }

  byte[] binance() {
    String kind = pick("trade", "aggTrade", "depthUpdate", "depthUpdate", "kline", "quote");
    List<String> fields = new ArrayList<>();
    if (kind.equals("quote")) {
      return bytes(quote());
    }
    add(fields, "e", string(kind));
    add(fields, "E", number("16725157" + digits(5)));
    add(fields, "s", string(pick("BTCUSDT", "BNBBTC", "BNBBTC", "测试USDT", "ETHBTC")));
    if (kind.equals("depthUpdate")) {
      long first = 9_007_199_254_740_000L + random.nextInt(1_000_000);
      add(fields, "U", number(Long.toString(first)));
      add(fields, "u", number(Long.toString(first + random.nextInt(20) - (oneIn(40) ? 30 : 0))));
      add(fields, "b", levels(false));
      add(fields, "a", levels(false));
    } else {
      add(fields, "t", number(digits(1 + random.nextInt(19))));
      add(fields, "a", number(digits(1 + random.nextInt(19))));
      add(fields, "p", decimal());
      add(fields, "q", decimal());
      add(fields, "f", number("1" + digits(3)));
      add(fields, "l", number("2" + digits(3)));
      add(fields, "T", number("16725157" + digits(5)));
      add(fields, "m", oneIn(2) ? "true" : "false");
      add(fields, "M", "true");
    }
    String content = object(fields);
    if (oneIn(3)) {
      return bytes(content);
    }
    return bytes(object(List.of(member("stream", string("x@y")), member("data", content))));
  }

  private String quote() {
    List<String> fields = new ArrayList<>();
    add(fields, "u", number(digits(10)));
    add(fields, "s", string(pick("BTCUSDT", "BNBBTC", "ETHBTC")));
    add(fields, "b", decimal());
    add(fields, "B", oneIn(9) ? "\"0.00\"" : decimal());
    add(fields, "a", decimal());
    add(fields, "A", decimal());
    String content = object(fields);
    return oneIn(3) ? content : object(List.of(member("data", content)));
  }

  byte[] coinbase() {
    String type =
        pick("match", "last_match", "l2update", "l2update", "snapshot", "heartbeat", "ticker");
    List<String> fields = new ArrayList<>();
    add(fields, "type", string(oneIn(20) ? "status" : type));
    add(fields, "product_id", string(pick("BTC-USD", "ETH-USD", "SOL-USD")));
    switch (type) {
      case "l2update" -> add(fields, "changes", levels(true));
      case "snapshot" -> {
        add(fields, "bids", levels(false));
        add(fields, "asks", levels(false));
      }
      case "ticker" -> {
        add(fields, "best_bid", decimal());
        add(fields, "best_bid_size", decimal());
        add(fields, "best_ask", decimal());
        add(fields, "best_ask_size", oneIn(9) ? "\"0.00\"" : decimal());
      }
      case "heartbeat" -> add(fields, "last_trade_id", number(digits(8)));
      default -> {
        add(fields, "trade_id", number(digits(1 + random.nextInt(19))));
        add(fields, "side", string(pick("buy", "sell")));
        add(fields, "size", decimal());
        add(fields, "price", decimal());
      }
    }
    add(fields, "time", string(time()));
    return bytes(object(fields));
  }

  /** The message with a bit, a byte or an end changed. */
  byte[] damaged(byte[] message) {
    int at = random.nextInt(message.length);
    byte[] damaged = message.clone();
    switch (random.nextInt(7)) {
      case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> damaged[at] = (byte) random.nextInt(256);
      case 2 ->
          damaged[at] = (byte) pick("0", "9", "\"", ",", ":", "}", "]", "-", "e", " ").charAt(0);
      case 3 -> {
        return Arrays.copyOf(message, at);
      }
      case 4 -> {
        return concatenated(message, bytes(pick("}", "]", ",", "1", "\"", "{}", " x", "\0")));
      }
      case 5 -> {
        return concatenated(
            Arrays.copyOf(message, at), Arrays.copyOfRange(message, at + 1, message.length));
      }
      default -> {
        return concatenated(
            Arrays.copyOf(message, at + 1), Arrays.copyOfRange(message, at, message.length));
      }
    }
    return damaged;
  }

  private static byte[] concatenated(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String digits(int count) {
    StringBuilder digits = new StringBuilder();
    digits.append((char) ('1' + random.nextInt(9)));
    while (digits.length() < count) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  /** Now and then a field is missing, null, or of a wrong type. */
  private void add(List<String> fields, String name, String value) {
    switch (random.nextInt(120)) {
      case 0 -> {}
      case 1 -> fields.add(member(name, "null"));
      case 2 -> fields.add(member(name, pick("[]", "{}", "\"\"", "true", "-1", "\"x\"", "[[1]]")));
      default -> fields.add(member(name, value));
    }
  }

  private String member(String name, String value) {
    return string(name) + space() + ':' + space() + value;
  }

  private String object(List<String> members) {
    List<String> all = new ArrayList<>(members);
    while (oneIn(3)) {
      all.add(
          member(
              "unread" + all.size(),
              pick("{\"e\":\"trade\",\"x\":[1,{}]}", "[[\"]\\\"\"]]", "\"\\\\\"", "1e5", "null")));
    }
    if (oneIn(3)) {
      Collections.shuffle(all, random);
    }
    return space() + '{' + space() + String.join(space() + ',' + space(), all) + space() + '}';
  }

  private String space() {
    return oneIn(12) ? pick(" ", "  ", "\t", "\r\n") : "";
  }

  /** A string, now and then with a character escaped. */
  private String string(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      json.append(oneIn(150) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return json.append('"').toString();
  }

  private String number(String text) {
    return oneIn(5) ? string(text) : text;
  }

  private String decimal() {
    StringBuilder text = new StringBuilder(oneIn(5) ? "0" : digits(1 + random.nextInt(6)));
    if (!oneIn(8)) {
      text.append('.').append(digits(1 + random.nextInt(8)));
    }
    if (oneIn(30)) {
      text.append(digits(15));
    }
    if (oneIn(20)) {
      text.append(pick("e-8", "E3", "e+2", "e200"));
    }
    if (oneIn(60)) {
      text.insert(0, '-');
    }
    return oneIn(4) ? text.toString() : string(text.toString());
  }

  private String levels(boolean tagged) {
    List<String> levels = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String level = decimal() + space() + ',' + space() + decimal();
      if (tagged) {
        level = string(oneIn(40) ? "hold" : pick("buy", "sell")) + ',' + level;
      }
      if (oneIn(20)) {
        level += pick(",1", ",[2]", ",{\"a\":[]}", ",null");
      }
      levels.add(oneIn(60) ? pick("1", "{}", "[]", "[\"1\"]") : "[" + level + "]");
    }
    return "[" + space() + String.join(space() + ',', levels) + space() + "]";
  }

  private String time() {
    String seconds = "2026-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(10) + "T0";
    String fraction = oneIn(6) ? "" : "." + digits(1 + random.nextInt(oneIn(9) ? 11 : 9));
    return seconds + random.nextInt(10) + ":35:57" + fraction + (oneIn(20) ? "+02:00" : "Z");
  }
}
