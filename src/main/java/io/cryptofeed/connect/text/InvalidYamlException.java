package io.cryptofeed.connect.text;

/** A document is not YAML, or not YAML that is accepted. The message begins with file and line. */
public final class InvalidYamlException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient YamlNode.Place place;
  private final String problem;

  InvalidYamlException(YamlNode.Place place, String problem) {
    super(place.file() + ':' + place.line() + ": " + problem);
    this.place = place;
    this.problem = problem;
  }

  /** Where it is. */
  public YamlNode.Place place() {
    return place;
  }

  /** What is wrong. It can quote a word of the document, which can be a secret. */
  public String problem() {
    return problem;
  }
}
