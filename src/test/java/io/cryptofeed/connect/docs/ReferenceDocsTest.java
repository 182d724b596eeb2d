package io.cryptofeed.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference pages match the code. */
class ReferenceDocsTest {

  private static final Path DOCS = Path.of("docs");

  @Test
  void the_configuration_page_matches_the_keys() throws IOException {
    check("configuration.md", ConfigurationPage.text());
  }

  @Test
  void the_page_of_exchanges_matches_the_profiles() throws IOException {
    check("exchanges.md", ExchangesPage.text());
  }

  @Test
  void the_records_page_matches_the_schemas() throws IOException {
    check("records.md", RecordsPage.text());
  }

  @Test
  void the_metrics_page_matches_the_metrics() throws IOException {
    check("metrics.md", MetricsPage.text());
  }

  @Test
  void the_page_of_proxy_keys_matches_the_keys() throws IOException {
    check("proxy/reference.md", ProxyReferencePage.text());
  }

  private static void check(String name, String fromCode) throws IOException {
    Path page = DOCS.resolve(name);
    if (Boolean.getBoolean("docs.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, fromCode);
    }
    assertThat(Files.exists(page) ? Files.readString(page) : "")
        .as(
            "docs/%s differs from the code; rewrite it with: mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true",
            name)
        .isEqualTo(fromCode);
  }
}
