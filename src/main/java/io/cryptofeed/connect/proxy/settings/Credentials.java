package io.cryptofeed.connect.proxy.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cryptofeed.connect.text.KnownSecrets;
import java.util.Optional;

/**
 * What a proxy asks of its clients. Equal by value; never shown.
 *
 * @param user the user name of HTTP and SOCKS5, the user id of SOCKS4
 * @param password empty where there is none
 */
public record Credentials(String user, String password) {

  /** A shorter name is a word that stands in other texts, too. */
  private static final int SHORTEST_HIDDEN_USER = 6;

  /** RFC 1929 gives each length one byte. */
  private static final int SOCKS5_MOST_BYTES = 255;

  public Credentials {
    KnownSecrets.addLogin(user, password);
    if (user.length() >= SHORTEST_HIDDEN_USER) {
      KnownSecrets.add(user);
    }
  }

  /** Why a proxy of this scheme cannot take the user name. */
  public Optional<String> userFault(Scheme scheme) {
    if (user.isEmpty()) {
      return Optional.of("user name is empty");
    }
    if (hasControlCharacter(user)) {
      return Optional.of("control character in the user name");
    }
    if (scheme.isHttp() && user.indexOf(':') >= 0) {
      return Optional.of("an HTTP Basic user name cannot contain ':'");
    }
    if (scheme.isSocks5() && password.isEmpty()) {
      return Optional.of(scheme.code() + " needs both user name and password, or neither");
    }
    return scheme.isSocks5() && isTooLongForSocks5(user)
        ? Optional.of(tooLong(scheme))
        : Optional.empty();
  }

  /** Why a proxy of this scheme cannot take the password. */
  public Optional<String> passwordFault(Scheme scheme) {
    if (hasControlCharacter(password)) {
      return Optional.of("control character in the password");
    }
    if (scheme.isSocks4() && !password.isEmpty()) {
      return Optional.of(scheme.code() + " has no password, only a user name; use socks5");
    }
    return scheme.isSocks5() && isTooLongForSocks5(password)
        ? Optional.of(tooLong(scheme))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "***";
  }

  private static boolean hasControlCharacter(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private static boolean isTooLongForSocks5(String text) {
    return text.getBytes(UTF_8).length > SOCKS5_MOST_BYTES;
  }

  private static String tooLong(Scheme scheme) {
    return scheme.code() + " user name and password are at most 255 bytes each";
  }
}
