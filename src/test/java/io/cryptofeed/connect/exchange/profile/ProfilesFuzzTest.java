package io.cryptofeed.connect.exchange.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.fuzz.Fuzz;
import io.cryptofeed.connect.fuzz.Mutator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Profiles, changed by chance: loaded, or refused with one message that names the file. */
@Tag("fuzz")
class ProfilesFuzzTest {

  @Test
  void a_profile_is_loaded_or_refused() throws IOException {
    List<String> profiles = new ArrayList<>(List.of(ProfileLoaderTest.GOOD));
    for (String venue : List.of("binance", "coinbase", "kraken", "okx", "htx")) {
      try (InputStream in =
          Objects.requireNonNull(getClass().getResourceAsStream("/venues/" + venue + ".yaml"))) {
        profiles.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    Fuzz.run(
        "profiles",
        2,
        random -> {
          Mutator mutator = new Mutator(random);
          String yaml =
              new String(mutator.mutated(mutator.pick(profiles), profiles), StandardCharsets.UTF_8);
          try {
            ProfileLoaderTest.load(yaml);
          } catch (InvalidProfileException declared) {
            assertThat(declared.getMessage()).isNotBlank();
          }
        });
  }
}
