package io.cryptofeed.connect.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyUrlTest {

  private static final String SUPPORTED =
      "(supported: http, https, socks4, socks4a, socks5, socks5h)";
  private static final String NO_NUMBER =
      "the port is not a number (if that was a password: user:password needs '@' and a host after"
          + " it)";

  static Stream<Arguments> accepted() {
    return Stream.of(
        arguments("socks5h://proxy:1080", "socks5h://proxy:1080"),
        arguments(" socks5://proxy:1080\n", "socks5://proxy:1080"),
        arguments("http://alice@proxy:8080", "http://***@proxy:8080"),
        arguments("http://alice:@proxy:8080", "http://***@proxy:8080"),
        arguments("socks4://alice@proxy:1080", "socks4://***@proxy:1080"),
        arguments("socks5://alice:p%40ss%3Aw%2Fr%25d@proxy:1080", "socks5://***@proxy:1080"),
        arguments("http://j%C3%BCrgen:p%E2%82%AC@proxy:8080", "http://***@proxy:8080"),
        arguments("socks5://[::1]:1080", "socks5://[::1]:1080"),
        arguments("socks5://my_proxy:1080", "socks5://my_proxy:1080"),
        arguments("socks5://proxy.:1080", "socks5://proxy:1080"),
        arguments("socks5://bücher.example:1080", "socks5://xn--bcher-kva.example:1080"),
        arguments("SOCKS5://Proxy:1080", "socks5://proxy:1080"),
        arguments("http://proxy:8080/", "http://proxy:8080"),
        arguments("https://10.0.0.1:443", "https://10.0.0.1:443"),
        arguments("socks4a://proxy:65535", "socks4a://proxy:65535"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void reads_a_url_and_shows_it_without_credentials(String text, String shown) {
    ProxyUrl url = ProxyUrl.parse(text);

    assertThat(url).hasToString(shown);
    assertThat(url.egress()).isEqualTo(shown.replace("***@", ""));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("", "proxy URL is empty; write 'direct' for no proxy"),
        arguments("   ", "proxy URL is empty; write 'direct' for no proxy"),
        arguments("proxy:1080", "no scheme; write socks5://host:port or http://host:port"),
        arguments("10.0.0.1:3128", "no scheme; write socks5://host:port or http://host:port"),
        arguments(
            "//proxy:1080",
            "no scheme; write scheme://host:port with one of [http, https, socks4, socks4a, socks5, socks5h]"),
        arguments("://proxy:1080", "no scheme before '://'"),
        arguments(
            "socks5:/proxy:1080",
            "no scheme; write scheme://host:port with one of [http, https, socks4, socks4a, socks5, socks5h]"),
        arguments(
            "socks://proxy:1080",
            "unsupported scheme 'socks' " + SUPPORTED + "; did you mean socks5?"),
        arguments("socks6://proxy:1080", "unsupported scheme 'socks6' " + SUPPORTED),
        arguments(
            "wss://proxy:443",
            "unsupported scheme 'wss' "
                + SUPPORTED
                + "; that is the exchange's scheme; a proxy uses http, https or socks"),
        arguments(
            "ss://abc@h:1",
            "unsupported scheme 'ss' "
                + SUPPORTED
                + "; run a local client for it and point at its socks5 port"),
        arguments(
            "vmess://x",
            "unsupported scheme 'vmess' "
                + SUPPORTED
                + "; run a local client for it and point at its socks5 port"),
        arguments("http2://p:1", "unsupported scheme 'http2' " + SUPPORTED),
        arguments(
            "ht tp://p:80",
            "whitespace or control character at position 3; percent-encode it (space is %20)"),
        arguments(
            "socks5://proxy:1080\tx",
            "whitespace or control character at position 20; percent-encode it (space is %20)"),
        arguments("socks5://", "host is empty"),
        arguments("socks5://@proxy:1080", "empty user info before '@'; remove the '@'"),
        arguments("socks5://:pw@proxy:1080", "user name is empty"),
        arguments(
            "socks5://alice@proxy:1080", "socks5 needs both user name and password, or neither"),
        arguments("http://a%3Ab:pw@proxy:8080", "an HTTP Basic user name cannot contain ':'"),
        arguments(
            "socks5://alice:S3CR@ET@proxy:1080",
            "'@' inside the user name or password; write it as %40"),
        arguments(
            "socks5://alice:S3C/RET@proxy:1080",
            "'/' inside the user name or password; percent-encode it (/=%2F ?=%3F #=%23 \\=%5C)"),
        arguments(
            "socks5://alice:S3C?RET@proxy:1080",
            "'?' inside the user name or password; percent-encode it (/=%2F ?=%3F #=%23 \\=%5C)"),
        arguments(
            "socks5://alice:S3:CRET@proxy:1080",
            "second ':' in user info; write a ':' in the password as %3A"),
        arguments(
            "socks5://alice:S3%CRET@proxy:1080",
            "bad percent-encoding in the password; write a literal '%' as %25"),
        arguments("socks5://alice:S3%00CRET@proxy:1080", "control character in the password"),
        arguments("http://alice:S3%0d%0aX-Evil:1@proxy:8080", "control character in the password"),
        arguments(
            "http://alice:S3%0d%0aX-Evil%3A1@proxy:8080", "control character in the password"),
        arguments(
            "socks5://" + "u".repeat(256) + ":pw@proxy:1080",
            "socks5 user name and password are at most 255 bytes each"),
        arguments("socks5://proxy", "port is missing; write socks5://host:port (usual: 1080)"),
        arguments("socks5://proxy:", "port is empty after ':'"),
        arguments("socks5://proxy:abc", NO_NUMBER),
        arguments("socks5://proxy:65536", "port is outside 1..65535"),
        arguments("socks5://proxy:-1", NO_NUMBER),
        arguments("socks5://proxy:+1080", NO_NUMBER),
        arguments("socks5://proxy:99999999999", "port is outside 1..65535"),
        arguments("socks5://proxy:１０８０", NO_NUMBER),
        arguments("socks5://proxy:0x438", NO_NUMBER),
        arguments(
            "socks5://::1:1080", "an IPv6 address must stand in brackets: socks5://[::1]:1080"),
        arguments(
            "socks5://fe80::1:1080", "an IPv6 address must stand in brackets: socks5://[::1]:1080"),
        arguments("socks5://[::1", "'[' without ']' in the host"),
        arguments("socks5://[::1]1080", "unexpected text after ']'"),
        arguments("socks5://[::zz]:1080", "no IPv6 address between '[' and ']'"),
        arguments("socks5://[127.0.0.1]:1080", "no IPv6 address between '[' and ']'"),
        arguments("socks5://256.1.1.1:1080", "not an IPv4 address"),
        arguments("socks5://1.2.3:1080", "not an IPv4 address"),
        arguments("socks5://1234:1080", "not an IPv4 address"),
        arguments("socks5://-proxy:1080", "not a valid host name"),
        arguments("socks5://a..b:1080", "empty label (two dots) in the host"),
        arguments("socks5://*.example.com:1080", "wildcards are not allowed in a proxy host"),
        arguments(
            "socks5://" + "abcdefgh.".repeat(29) + "com:1080",
            "host name longer than 253 characters"),
        arguments("socks5://pro%78y:1080", "percent-encoding is not allowed in the host"),
        arguments("http://proxy:8080/path", "a proxy URL ends after the port; remove the path"),
        arguments("http://proxy:8080?x=1", "a proxy URL ends after the port; remove the query"),
        arguments("http://proxy:8080#f", "a proxy URL ends after the port; remove the fragment"),
        arguments("http://proxy:8080\\x", "a proxy URL ends after the port; remove the backslash"),
        arguments(
            "socks5://p1:1080,socks5://p2:1080",
            "',' or ';' after the port: one URL only here; a list belongs in proxy.pools.<name>.members"),
        arguments(
            "socks5://p1:1080 socks5://p2:1080",
            "whitespace or control character at position 17; percent-encode it (space is %20)"),
        arguments("socks5://<host>:1080", "not a valid host name"),
        arguments("'socks5://proxy:1080'", "unsupported scheme " + SUPPORTED),
        arguments(
            "socks5://proxy:1080;",
            "',' or ';' after the port: one URL only here; a list belongs in proxy.pools.<name>.members"),
        arguments("null", "no scheme; write socks5://host:port or http://host:port"),
        arguments("socks5://alice:S3CRET", NO_NUMBER),
        arguments("alice:S3CRET", "no scheme; write socks5://host:port or http://host:port"),
        arguments("S3CRET://x:1", "unsupported scheme " + SUPPORTED),
        arguments(
            "socks5://${env:P}", "unresolved ${...} placeholder: no config provider replaced it"),
        arguments("socks5://alice:123456", "port is outside 1..65535"),
        arguments("[hidden]", "'[hidden]' is a masked value, not the secret"),
        arguments(
            "socks4://alice:S3CRET@proxy:1080",
            "socks4 has no password, only a user name; use socks5"),
        arguments(
            "socks5://alice:@proxy:1080", "socks5 needs both user name and password, or neither"),
        arguments("socks5://al%0Aice:S3CRET@proxy:1080", "control character in the user name"),
        arguments(
            "http://alice:S3%FFCRET@proxy:8080",
            "percent-encoded bytes of the password are not UTF-8"),
        arguments(
            "socks5://alice:S3CRET%4@proxy:1080",
            "bad percent-encoding in the password; write a literal '%' as %25"),
        arguments("socks5://alice:S3CRET@:1080", "host is empty"),
        arguments("socks5://proxy:0", "port is outside 1..65535"),
        arguments("socks5://[fe80::1%25eth0]:1080", "no IPv6 address between '[' and ']'"),
        arguments("socks5://.proxy:1080", "empty label (two dots) in the host"),
        arguments("socks5://" + "a".repeat(64) + ":1080", "not a valid host name"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses_what_is_no_proxy_and_says_why(String text, String why) {
    assertThatThrownBy(() -> ProxyUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why)
        .hasNoCause();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void quotes_nothing_that_may_be_a_secret(String text, String why) {
    assertThatThrownBy(() -> ProxyUrl.parse(text))
        .message()
        .doesNotContain("S3C", "CRET", "alice", "123456", "Evil");
  }

  @Test
  void decodes_user_name_and_password() {
    assertThat(ProxyUrl.parse("socks5://alice:p%40ss%3Aw%2Fr%25d+@proxy:1080").credentials())
        .isEqualTo(new Credentials("alice", "p@ss:w/r%d+"));
    assertThat(ProxyUrl.parse("http://j%C3%BCrgen:p%E2%82%AC@proxy:8080").credentials())
        .isEqualTo(new Credentials("jürgen", "p€"));
    assertThat(ProxyUrl.parse("http://jürgen:p€@proxy:8080").credentials())
        .isEqualTo(new Credentials("jürgen", "p€"));
    assertThat(ProxyUrl.parse("http://alice@proxy:8080").credentials())
        .isEqualTo(new Credentials("alice", ""));
  }

  @Test
  void counts_the_length_of_credentials_in_bytes() {
    String euros = "%E2%82%AC".repeat(85);

    assertThat(ProxyUrl.parse("socks5://" + euros + ":pw@proxy:1080").port()).isEqualTo(1080);
    assertThatThrownBy(() -> ProxyUrl.parse("socks5://" + euros + "x:pw@proxy:1080"))
        .hasMessage("socks5 user name and password are at most 255 bytes each");
  }

  @Test
  void is_equal_by_value_credentials_included() {
    assertThat(ProxyUrl.parse("socks5://alice:one@proxy:1080"))
        .isEqualTo(ProxyUrl.parse("SOCKS5://alice:%6Fne@PROXY.:1080/"))
        .isNotEqualTo(ProxyUrl.parse("socks5://alice:two@proxy:1080"))
        .isNotEqualTo(ProxyUrl.parse("socks5h://alice:one@proxy:1080"));
  }
}
