package io.cryptofeed.connect.local.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ConsumedBookTest {

  @Test
  void knows_nothing_of_the_connector() {
    var classes = new ClassFileImporter().importClasses(ConsumedBook.class);
    assertThat(classes).isNotEmpty();
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.apache.avro.generic..",
            "org.apache.kafka.connect.data..",
            "org.jspecify..",
            "io.cryptofeed.connect.local.consumer")
        .check(classes);
  }
}
