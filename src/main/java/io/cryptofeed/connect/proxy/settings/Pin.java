package io.cryptofeed.connect.proxy.settings;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Optional;

/**
 * A public key that a server must have: {@code sha256/} and the Base64 of the SHA-256 of its
 * SubjectPublicKeyInfo, as in HTTP Public Key Pinning.
 *
 * @param text in this form
 */
public record Pin(String text) {

  private static final String PREFIX = "sha256/";
  private static final int BYTES = 32;

  /** Reads a pin; empty when the text is none. */
  public static Optional<Pin> parse(String text) {
    String pin = text.strip();
    if (!pin.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] hash = Base64.getDecoder().decode(pin.substring(PREFIX.length()));
      return hash.length == BYTES ? Optional.of(of(hash)) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The pin of a key. */
  public static Pin of(PublicKey key) {
    try {
      return of(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static Pin of(byte[] hash) {
    return new Pin(PREFIX + Base64.getEncoder().encodeToString(hash));
  }

  @Override
  public String toString() {
    return text;
  }
}
