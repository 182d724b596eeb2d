package io.cryptofeed.connect.docs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The page of the exchanges that the pinned CCXT streams. */
public final class CcxtExchangesPage {

  private static final String HEAD =
      """
      <!-- Written by CcxtCatalogTest out of the pinned CCXT; do not edit. -->
      # The exchanges that CCXT streams

      What each class of the pinned CCXT says of itself. That a class has a method does not say that
      the exchange still answers: none of them was run against the live exchange.

      `trades` and `l2_book` are streamed by `watchTrades` and `watchOrderBook`, `quotes` by the method
      that is named. *History* says whether past trades can be asked for over REST (`fetchTrades`), *book
      over REST* whether a book can (`fetchOrderBook`), *sandbox* whether the class knows a test host.

      """;

  private CcxtExchangesPage() {}

  public static String of(JsonNode exchanges) {
    List<JsonNode> rows = new ArrayList<>();
    exchanges.forEach(rows::add);
    rows.sort(Comparator.comparing(row -> row.get("id").asText()));
    StringBuilder page = new StringBuilder(HEAD);
    page.append(
        "%d classes: %d stream trades, %d books, %d quotes.%n%n"
            .formatted(
                rows.size(), count(rows, "trades"), count(rows, "book"), count(rows, "quotes")));
    page.append(
        "| id | exchange | trades | l2_book | quotes | history | book over REST | sandbox |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    for (JsonNode row : rows) {
      page.append(
          "| `%s` | %s | %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  row.get("id").asText(),
                  row.get("name").asText(),
                  sign(row, "trades"),
                  sign(row, "book"),
                  row.get("quotes").asText().isEmpty()
                      ? ""
                      : "`" + row.get("quotes").asText() + "`",
                  sign(row, "history"),
                  sign(row, "bookSnapshot"),
                  sign(row, "sandbox")));
    }
    return page.toString();
  }

  private static long count(List<JsonNode> rows, String field) {
    return rows.stream()
        .filter(row -> row.get(field).asBoolean() || row.get(field).asText().startsWith("watch"))
        .count();
  }

  private static String sign(JsonNode row, String field) {
    return row.get(field).asBoolean() ? "yes" : "";
  }
}
