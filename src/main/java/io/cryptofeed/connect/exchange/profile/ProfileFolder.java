package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.text.PlainFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A folder of profiles on the worker: every {@code *.yaml} and {@code *.yml} file in it. */
public final class ProfileFolder {

  private static final Pattern NAMES = Pattern.compile("(?m)^(?:venue|aliases):(.*)$");
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  private static final int MAX_BYTES = 1 << 20;

  private ProfileFolder() {}

  /**
   * The profiles as they are written, in the order of their file names. Hidden files and subfolders
   * are skipped.
   *
   * @throws InvalidProfileException if the folder has no profile, or one cannot be read
   */
  public static List<ProfileNode> read(Path folder) {
    if (!Files.exists(folder)) {
      throw new InvalidProfileException(
          "there is no folder '" + folder + "' on this worker: create it, or correct the path");
    }
    if (!Files.isDirectory(folder)) {
      throw new InvalidProfileException(
          "'" + folder + "' is not a folder: set the folder that contains the profiles");
    }
    List<ProfileNode> profiles = files(folder).stream().map(ProfileFolder::profile).toList();
    if (profiles.isEmpty()) {
      throw new InvalidProfileException(
          "folder '" + folder + "' contains no *.yaml or *.yml file: put a profile there");
    }
    return profiles;
  }

  /**
   * The names that the profiles in a folder seem to have, whatever else is wrong with them: those
   * of the files, the ids and the aliases. Empty if the folder cannot be read.
   */
  public static Set<String> names(String folder) {
    Set<String> names = new HashSet<>();
    try {
      for (Path file : files(Path.of(folder))) {
        String name = String.valueOf(file.getFileName());
        names.add(name.substring(0, name.lastIndexOf('.')).toLowerCase(Locale.ROOT));
        NAMES
            .matcher(new String(PlainFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1))
            .results()
            .flatMap(match -> WORD.matcher(match.group(1)).results())
            .forEach(word -> names.add(word.group().toLowerCase(Locale.ROOT)));
      }
    } catch (IOException | InvalidPathException | InvalidProfileException e) {
      return names; // What is wrong is reported by whoever reads the profiles.
    }
    return names;
  }

  private static List<Path> files(Path folder) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, ProfileFolder::isProfile)) {
      entries.forEach(files::add);
    } catch (IOException e) {
      throw unreadable("folder", folder, e);
    }
    files.sort(null);
    return files;
  }

  private static boolean isProfile(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml"))
        && !Files.isDirectory(file);
  }

  private static ProfileNode profile(Path file) {
    try {
      byte[] content = PlainFile.read(file, MAX_BYTES);
      return ProfileNode.parse(file.toString(), new ByteArrayInputStream(content));
    } catch (FileSystemException e) {
      throw e.getReason() == null
          ? unreadable("profile", file, e)
          : new InvalidProfileException(
              "profile '" + file + "' cannot be used: " + PlainFile.problem(e));
    } catch (IOException e) {
      throw unreadable("profile", file, e);
    }
  }

  private static InvalidProfileException unreadable(String what, Path path, IOException e) {
    return new InvalidProfileException(
        "cannot read %s '%s' (%s): give the worker's user read access"
            .formatted(what, path, e.getClass().getSimpleName()));
  }
}
