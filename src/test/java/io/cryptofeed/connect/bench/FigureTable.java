package io.cryptofeed.connect.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark has measured, printed as a table in Markdown. A figure that is not a finite
 * number ends the benchmark.
 */
final class FigureTable {

  private final String title;
  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  private record Column(String name, int decimals) {}

  /**
   * @param title what the rows are
   */
  FigureTable(String title) {
    this.title = title;
  }

  /**
   * Adds a column.
   *
   * @param name with the unit of its figures
   * @param decimals how many digits of them are printed after the point
   */
  FigureTable column(String name, int decimals) {
    columns.add(new Column(name, decimals));
    return this;
  }

  /**
   * Adds a row.
   *
   * @param figures one for each column
   * @throws IllegalStateException for a figure that is not a finite number
   */
  void row(String name, double... figures) {
    if (figures.length != columns.size()) {
      throw new IllegalArgumentException(
          name + " has " + figures.length + " figures for " + columns.size() + " columns");
    }
    List<String> row = new ArrayList<>(List.of(name));
    for (int i = 0; i < figures.length; i++) {
      Column column = columns.get(i);
      if (!Double.isFinite(figures[i])) {
        throw new IllegalStateException(
            "the " + column.name() + " of " + name + " were not measured: " + figures[i]);
      }
      row.add(String.format(Locale.ROOT, "%,." + column.decimals() + "f", figures[i]));
    }
    rows.add(row);
  }

  /**
   * Prints the table.
   *
   * @throws IllegalStateException when it has no row
   */
  void print() {
    if (rows.isEmpty()) {
      throw new IllegalStateException("nothing was measured: " + title);
    }
    List<String> header = new ArrayList<>(List.of(title));
    columns.forEach(column -> header.add(column.name()));
    int[] widths = widths(header);
    System.out.println();
    System.out.println(line(header, widths));
    System.out.println(ruler(widths));
    rows.forEach(row -> System.out.println(line(row, widths)));
  }

  private int[] widths(List<String> header) {
    int[] widths = header.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      String format = i == 0 ? " %-" + widths[i] + "s |" : " %" + widths[i] + "s |";
      line.append(String.format(Locale.ROOT, format, cells.get(i)));
    }
    return line.toString();
  }

  private static String ruler(int[] widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      line.append("-".repeat(widths[i] + 1)).append(i == 0 ? "-|" : ":|");
    }
    return line.toString();
  }
}
