package io.cryptofeed.connect.proxy.settings;

import io.cryptofeed.connect.text.PlainFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads files with the certificates of authorities. */
public final class TrustStore {

  private TrustStore() {}

  /**
   * Reads a store.
   *
   * @param type {@code PKCS12}, {@code JKS} or {@code PEM}; null to derive it from the file's name
   * @throws IOException says what is wrong with the file; never quotes the password
   */
  public static KeyStore read(String file, @Nullable String password, @Nullable String type)
      throws IOException {
    String kind = type == null ? typeOf(file) : type.toUpperCase(Locale.ROOT);
    KeyStore store;
    try (InputStream in = new ByteArrayInputStream(PlainFile.read(Path.of(file), MAX_BYTES))) {
      store = kind.equals("PEM") ? pem(in) : load(in, password, kind);
      if (store.size() == 0) {
        throw new IOException("it holds no certificate");
      }
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file", e);
    } catch (GeneralSecurityException e) {
      throw new IOException("it is not a " + kind + " file", e);
    }
    return store;
  }

  /** The authorities of all operating systems have less than a megabyte. */
  private static final int MAX_BYTES = 16 << 20;

  private static String typeOf(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".pem") || name.endsWith(".crt") || name.endsWith(".cer")) {
      return "PEM";
    }
    return name.endsWith(".jks") ? "JKS" : "PKCS12";
  }

  private static KeyStore load(InputStream in, @Nullable String password, String kind)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(kind);
    store.load(in, password == null ? null : password.toCharArray());
    return store;
  }

  private static KeyStore pem(InputStream in) throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> certificates =
        CertificateFactory.getInstance("X.509").generateCertificates(in);
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("authority-" + number++, certificate);
    }
    return store;
  }
}
