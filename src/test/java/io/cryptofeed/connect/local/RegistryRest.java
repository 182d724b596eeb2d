package io.cryptofeed.connect.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The part of the schema registry's API that tests need. */
public final class RegistryRest {

  private final JsonHttp http;

  public RegistryRest(URI url) {
    http = new JsonHttp(url, "application/vnd.schemaregistry.v1+json");
  }

  /** The value for {@code schema.registry.url}. */
  public URI url() {
    return http.base();
  }

  /** All subjects. */
  public List<String> subjects() {
    List<String> subjects = new ArrayList<>();
    http.send("GET", "/subjects", null).forEach(subject -> subjects.add(subject.asText()));
    return subjects;
  }

  /** The text of the schema with this id. */
  public String schema(int id) {
    return http.send("GET", "/schemas/ids/" + id, null).get("schema").asText();
  }

  /** The text of the newest schema of a subject. */
  public String latestSchema(String subject) {
    return http.send("GET", "/subjects/" + encoded(subject) + "/versions/latest", null)
        .get("schema")
        .asText();
  }

  /** The numbers of all versions of a subject. */
  public List<Integer> versions(String subject) {
    List<Integer> versions = new ArrayList<>();
    http.send("GET", "/subjects/" + encoded(subject) + "/versions", null)
        .forEach(version -> versions.add(version.asInt()));
    return versions;
  }

  /**
   * Adds a schema to a subject, unless it is already there.
   *
   * @return its id
   * @throws RestException with status 409 when it is not compatible with its predecessor
   */
  public int register(String subject, String avroSchema) {
    JsonNode body = JsonHttp.JSON.createObjectNode().put("schema", avroSchema);
    return http.send("POST", "/subjects/" + encoded(subject) + "/versions", body).get("id").asInt();
  }

  /** Sets the rule for all subjects, for example {@code BACKWARD}. */
  void setCompatibility(String rule) {
    http.send("PUT", "/config", JsonHttp.JSON.createObjectNode().put("compatibility", rule));
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8);
  }
}
