package io.cryptofeed.connect.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in the text format of Prometheus, parsed by the rules of the format: it fails on a page
 * that Prometheus would reject or misread.
 */
public final class PrometheusPage {

  private static final Pattern HELP = Pattern.compile("# HELP ([a-z_]+) (.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_]+) (counter|gauge|histogram)");
  private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private final Map<String, String> helps = new HashMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<Line, Double> values = new LinkedHashMap<>();
  private final List<String> order = new ArrayList<>();

  /** A name with its labels. */
  public record Line(String name, Map<String, String> labels) {}

  private PrometheusPage() {}

  public static PrometheusPage read(String text) {
    PrometheusPage page = new PrometheusPage();
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw new AssertionError("the last line has no end");
    }
    text.lines().forEach(page::line);
    page.checkFamilies();
    page.checkHistograms();
    return page;
  }

  Map<String, String> helps() {
    return helps;
  }

  public Map<String, String> types() {
    return types;
  }

  public Map<Line, Double> values() {
    return values;
  }

  private void line(String line) {
    Matcher help = HELP.matcher(line);
    Matcher type = TYPE.matcher(line);
    if (help.matches()) {
      if (helps.put(help.group(1), unescaped(help.group(2), false)) != null) {
        throw new AssertionError("a second HELP for " + help.group(1));
      }
    } else if (type.matches()) {
      if (types.put(type.group(1), type.group(2)) != null) {
        throw new AssertionError("a second TYPE for " + type.group(1));
      }
    } else if (line.startsWith("#")) {
      throw new AssertionError("no HELP and no TYPE: " + line);
    } else {
      sample(line);
    }
  }

  private void sample(String line) {
    int nameEnd = 0;
    while (nameEnd < line.length() && "{ ".indexOf(line.charAt(nameEnd)) < 0) {
      nameEnd++;
    }
    String name = line.substring(0, nameEnd);
    Map<String, String> labels = new TreeMap<>();
    int at = nameEnd;
    if (line.charAt(at) == '{') {
      at++;
      while (line.charAt(at) != '}') {
        int equals = line.indexOf("=\"", at);
        String label = line.substring(at, equals);
        int end = equals + 2;
        while (line.charAt(end) != '"') {
          end += line.charAt(end) == '\\' ? 2 : 1;
        }
        String value = unescaped(line.substring(equals + 2, end), true);
        if (!LABEL_NAME.matcher(label).matches() || labels.put(label, value) != null) {
          throw new AssertionError("bad or repeated label '" + label + "': " + line);
        }
        at = line.charAt(end + 1) == ',' ? end + 2 : end + 1;
      }
      at++;
    }
    if (line.charAt(at) != ' ') {
      throw new AssertionError("no space before the value: " + line);
    }
    if (values.put(new Line(name, labels), value(line.substring(at + 1))) != null) {
      throw new AssertionError("a second value: " + line);
    }
    order.add(family(name));
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static String unescaped(String text, boolean isLabel) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        c = text.charAt(++i);
        if (c == 'n') {
          c = '\n';
        } else if (c != '\\' && !(isLabel && c == '"')) {
          throw new AssertionError("unknown escape \\" + c + " in: " + text);
        }
      }
      plain.append(c);
    }
    return plain.toString();
  }

  private String family(String name) {
    if (types.containsKey(name)) {
      if (types.get(name).equals("histogram")) {
        throw new AssertionError("a histogram has no value of its own: " + name);
      }
      return name;
    }
    String base = name.replaceFirst("_(bucket|sum|count)$", "");
    if (!"histogram".equals(types.get(base))) {
      throw new AssertionError("no TYPE before " + name);
    }
    return base;
  }

  private void checkFamilies() {
    if (!helps.keySet().equals(types.keySet())) {
      throw new AssertionError("HELP of " + helps.keySet() + ", TYPE of " + types.keySet());
    }
    Set<String> done = new HashSet<>();
    String last = "";
    for (String family : order) {
      if (!family.equals(last) && !done.add(family)) {
        throw new AssertionError("the samples of " + family + " do not stand together");
      }
      last = family;
    }
    if (!done.equals(types.keySet())) {
      throw new AssertionError("TYPE without samples among " + types.keySet());
    }
  }

  private void checkHistograms() {
    Map<Line, Double> highest = new HashMap<>();
    values.forEach(
        (line, value) -> {
          if (line.name.endsWith("_bucket")) {
            Map<String, String> rest = new TreeMap<>(line.labels);
            rest.remove("le");
            Line of = new Line(line.name.replaceFirst("_bucket$", "_count"), rest);
            if (value < highest.getOrDefault(of, 0.0)) {
              throw new AssertionError("buckets must not fall: " + line);
            }
            highest.put(of, value);
          }
        });
    highest.forEach(
        (count, value) -> {
          if (!value.equals(values.get(count))) {
            throw new AssertionError("the last bucket is not the count: " + count);
          }
        });
  }
}
