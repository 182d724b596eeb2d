package io.cryptofeed.connect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cryptofeed.connect.text.YamlNode.Mapping;
import io.cryptofeed.connect.text.YamlNode.Place;
import io.cryptofeed.connect.text.YamlNode.Scalar;
import io.cryptofeed.connect.text.YamlNode.Sequence;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlNodeTest {

  @Test
  void every_node_has_its_file_line_and_column() {
    Mapping root = mapping("# a comment\na: 1\nb:\n  - x\n  - {c: 'd'}\n");

    assertThat(root.place()).isEqualTo(new Place("test.yaml", 2, 1));
    assertThat(root.find("a")).hasValue(new Scalar(new Place("test.yaml", 2, 4), "1", false));
    Sequence list = (Sequence) root.find("b").orElseThrow();
    assertThat(list.place()).isEqualTo(new Place("test.yaml", 4, 3));
    assertThat(list.items().get(0).place()).isEqualTo(new Place("test.yaml", 4, 5));
    Mapping inner = (Mapping) list.items().get(1);
    assertThat(inner.find("c")).hasValue(new Scalar(new Place("test.yaml", 5, 9), "d", false));
  }

  @Test
  void only_a_null_without_quotes_is_null() {
    Mapping root = mapping("a: null\nb: \"null\"\nc: ~\nd:\ne: ''\n");

    assertThat(root.entries())
        .extracting(entry -> ((Scalar) entry.value()).isNull())
        .isEqualTo(List.of(true, false, true, true, false));
  }

  @Test
  void a_key_that_occurs_twice_is_left_to_its_reader() {
    assertThat(mapping("a: 1\na: 2\n").entries()).hasSize(2);
  }

  @Test
  void a_document_without_a_value_is_empty() {
    assertThat(YamlNode.parse("test.yaml", "# only a comment\n")).isEmpty();
  }

  @Test
  void an_alias_is_the_node_of_its_anchor() {
    Mapping root =
        (Mapping) YamlNode.parseWithAliases("test.yaml", "a: &x [1]\nb: *x\n").orElseThrow();

    assertThat(root.find("b").orElseThrow()).isSameAs(root.find("a").orElseThrow());
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        arguments("a: 1\nb: [1, 2\nc: 3\n", "test.yaml:3: not YAML: expected ',' or ']'"),
        arguments("a: 1\n---\nb: 2\n", "test.yaml:2: a second document; a file holds one"),
        arguments("a: &x 1\nb: *x\n", "test.yaml:2: aliases are not allowed"),
        arguments("a: 1\nb: \u0000\n", "test.yaml:2: not YAML: a control character"),
        arguments("a: 1\nb: " + "[".repeat(30) + "]".repeat(30), "test.yaml:2: nested too deep"),
        arguments("# " + "x".repeat(1 << 20), "test.yaml:1: longer than 1 MiB"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void an_invalid_document_is_an_error_with_its_line(String text, String message) {
    assertThatExceptionOfType(InvalidYamlException.class)
        .isThrownBy(() -> YamlNode.parse("test.yaml", text))
        .withMessageStartingWith(message);
  }

  @ParameterizedTest
  @MethodSource("aliasesWithoutAnchor")
  void an_alias_needs_an_anchor_that_is_complete_before_it(String text) {
    assertThatExceptionOfType(InvalidYamlException.class)
        .isThrownBy(() -> YamlNode.parseWithAliases("test.yaml", text))
        .withMessage("test.yaml:1: an alias without an anchor before it");
  }

  static Stream<String> aliasesWithoutAnchor() {
    return Stream.of("a: *x\n", "a: &x [*x]\n");
  }

  private static Mapping mapping(String text) {
    return (Mapping) YamlNode.parse("test.yaml", text).orElseThrow();
  }
}
