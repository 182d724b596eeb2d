package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.text.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code of CCXT as its project publishes it for browsers, {@code ccxt.browser.min.js}: from the
 * component with CCXT, or from a configured file. Immutable.
 */
public final class CcxtBundle {

  /** The bundle on the class path of the component with CCXT. */
  static final String RESOURCE = "ccxt/ccxt.browser.min.js";

  private static final String PATH_KEY = "ccxt.bundle.path";

  /** Ten times the size of the bundle of 2026. */
  private static final int MAX_BYTES = 64 << 20;

  private final String origin;
  private final String code;
  private final String sha256;

  private CcxtBundle(String origin, byte[] content) throws CcxtUnavailableException {
    this.origin = origin;
    sha256 = HexFormat.of().formatHex(digest().digest(content));
    code = decode(content);
    checkDeclaredVersion();
  }

  /**
   * The bundle of the component with CCXT.
   *
   * @throws CcxtUnavailableException if it is missing, is not CCXT's, or is too old
   */
  public static CcxtBundle fromClassPath() throws CcxtUnavailableException {
    String origin = "class path resource " + RESOURCE;
    try (InputStream in = CcxtBundle.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new CcxtUnavailableException(
            "the CCXT bundle is missing: there is no "
                + origin
                + "; install the component kafka-connect-cryptofeed-ccxt in place of"
                + " kafka-connect-cryptofeed, or set "
                + PATH_KEY
                + " to a bundle",
            null);
      }
      return new CcxtBundle(origin, in.readNBytes(MAX_BYTES + 1));
    } catch (IOException e) {
      throw unreadable(origin, e);
    }
  }

  /**
   * A configured bundle.
   *
   * @param file {@code ccxt.browser.min.js} of the npm package {@code ccxt}
   * @throws CcxtUnavailableException if it cannot be read, is not CCXT's, or is too old
   */
  public static CcxtBundle fromFile(Path file) throws CcxtUnavailableException {
    String origin = PATH_KEY + "=" + file;
    try {
      return new CcxtBundle(origin, PlainFile.read(file, MAX_BYTES));
    } catch (NoSuchFileException e) {
      throw new CcxtUnavailableException(
          "the CCXT bundle is missing: "
              + origin
              + " does not exist; put dist/ccxt.browser.min.js of the npm package ccxt there, or"
              + " remove the key to use the bundle of the component",
          e);
    } catch (IOException e) {
      throw unreadable(origin, e);
    }
  }

  private static CcxtUnavailableException unreadable(String origin, IOException cause) {
    return new CcxtUnavailableException(
        "the CCXT bundle cannot be read: "
            + origin
            + ": "
            + cause
            + "; the worker's user must be able to read it",
        cause);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private String decode(byte[] content) throws CcxtUnavailableException {
    if (content.length > MAX_BYTES) {
      throw corrupt("has more than " + MAX_BYTES + " bytes", null);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      if (text.isBlank()) {
        throw corrupt("is empty", null);
      }
      return text;
    } catch (CharacterCodingException e) {
      throw corrupt("is not UTF-8 text", e);
    }
  }

  /** Checks the version when the configuration is validated, before the bundle runs. */
  private void checkDeclaredVersion() throws CcxtUnavailableException {
    Optional<CcxtVersion> declared = CcxtVersion.declaredIn(code);
    if (declared.isPresent()) {
      check(declared.get());
    }
  }

  /** Rejects a version that is too old. */
  void check(CcxtVersion version) throws CcxtUnavailableException {
    if (version.isTooOld()) {
      throw new CcxtUnavailableException(
          "the CCXT bundle is too old: "
              + origin
              + " is version "
              + version
              + "; use "
              + CcxtVersion.OLDEST
              + " or later",
          null);
    }
  }

  /** The error of a bundle that is not the code of CCXT. */
  CcxtUnavailableException corrupt(String what, @Nullable Throwable cause) {
    return new CcxtUnavailableException(
        "the CCXT bundle is corrupt: "
            + origin
            + " "
            + what
            + " (sha256 "
            + sha256
            + "); put dist/ccxt.browser.min.js of the npm package ccxt in its place",
        cause);
  }

  /** The resource or file that it was read from, for error messages. */
  public String origin() {
    return origin;
  }

  /** The SHA-256 of its bytes, in lower case hexadecimal. */
  public String sha256() {
    return sha256;
  }

  String code() {
    return code;
  }
}
