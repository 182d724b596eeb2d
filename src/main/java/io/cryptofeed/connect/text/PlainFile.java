package io.cryptofeed.connect.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads files that a configuration names. A device has no end, and opening a pipe may wait forever:
 * a file must be a plain one, and of bounded size, before it is opened.
 */
public final class PlainFile {

  private PlainFile() {}

  /**
   * The content of a file.
   *
   * @param most the most bytes that it may have
   * @throws IOException if it cannot be read, is not a plain file, or has more bytes; the message
   *     says which, and {@link #problem} quotes it
   */
  public static byte[] read(Path file, int most) throws IOException {
    require(file, most);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(most + 1);
      if (content.length > most) {
        throw tooLong(file, most);
      }
      return content;
    }
  }

  /**
   * Checks a file without opening it.
   *
   * @throws IOException as {@link #read}
   */
  public static void require(Path file, int most) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new Unsuitable(file, "it is a folder: name a file in it");
    }
    if (!attributes.isRegularFile()) {
      throw new Unsuitable(file, "it is a device or a pipe: name a plain file");
    }
    if (attributes.size() > most) {
      throw tooLong(file, most);
    }
  }

  /** Why a file cannot be read, for a message that names the file itself. */
  public static String problem(IOException cause) {
    return cause instanceof Unsuitable unsuitable
        ? unsuitable.getReason()
        : cause.getClass().getSimpleName();
  }

  private static Unsuitable tooLong(Path file, int most) {
    return new Unsuitable(file, "it has more than " + most + " bytes");
  }

  /** The file exists, but is none that is read. */
  private static final class Unsuitable extends FileSystemException {

    private static final long serialVersionUID = 1L;

    Unsuitable(Path file, String reason) {
      super(file.toString(), null, reason);
    }
  }
}
