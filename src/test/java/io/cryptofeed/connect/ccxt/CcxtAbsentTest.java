package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The connector without the component that brings CCXT; with it, these tests are not run. */
class CcxtAbsentTest {

  @Test
  void without_graaljs_the_component_to_install_is_named() {
    assertThatThrownBy(() -> CcxtEngine.open(null))
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("GraalJS is not on the class path")
        .hasMessageContaining("install the component kafka-connect-cryptofeed-ccxt in place of");
  }

  @Test
  void without_the_component_there_is_no_bundle() {
    assertThatThrownBy(CcxtBundle::fromClassPath)
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("the CCXT bundle is missing")
        .hasMessageContaining("ccxt.bundle.path");
  }
}
