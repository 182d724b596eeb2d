package io.cryptofeed.connect.config;

import io.cryptofeed.connect.text.DurationText;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;

/** What is meant by a text that is not the number or the flag that its key takes. */
final class TypedScalar {

  private static final Set<String> YES = Set.of("yes", "y", "on", "1", "t", "enabled", "enable");
  private static final Set<String> NO = Set.of("no", "n", "off", "0", "f", "disabled", "disable");

  private final ConfigDef.ConfigKey key;
  private final String text;

  TypedScalar(ConfigDef.ConfigKey key, String written) {
    this.key = key;
    text = written.replaceAll("[\"'\\[\\]]", "").strip().toLowerCase(Locale.ROOT);
  }

  /** What to write instead. */
  String cure() {
    if (key.type == ConfigDef.Type.BOOLEAN) {
      return YES.contains(text) || text.equals("true")
          ? "write true"
          : NO.contains(text) || text.equals("false") ? "write false" : "write true or false";
    }
    String digits = text.replaceAll("(?<=[0-9])[_,' ](?=[0-9]{3})", "");
    if (digits.matches("-?[0-9]{1,18}")) {
      return "write " + digits;
    }
    if (key.name.endsWith(".ms")) {
      try {
        return "write milliseconds as a whole number, " + DurationText.parse(text).toMillis();
      } catch (IllegalArgumentException e) {
        return "write milliseconds as a whole number, such as " + key.defaultValue;
      }
    }
    return "write a whole number, such as " + key.defaultValue;
  }
}
