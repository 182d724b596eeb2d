package io.cryptofeed.connect.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Converts schemas to readable JSON and back. */
public final class SchemaJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SchemaJson() {}

  public static String write(Schema schema) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node(schema)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Schema read(String json) {
    try {
      return schema(JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectNode node(Schema schema) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("type", schema.type().getName());
    if (schema.name() != null) {
      node.put("name", schema.name());
    }
    if (schema.version() != null) {
      node.put("version", schema.version());
    }
    if (schema.isOptional()) {
      node.put("optional", true);
    }
    if (schema.parameters() != null) {
      ObjectNode parameters = node.putObject("parameters");
      new TreeMap<>(schema.parameters()).forEach(parameters::put);
    }
    switch (schema.type()) {
      case STRUCT -> {
        ArrayNode fields = node.putArray("fields");
        for (Field field : schema.fields()) {
          ObjectNode fieldNode = fields.addObject();
          fieldNode.put("field", field.name());
          fieldNode.set("schema", node(field.schema()));
        }
      }
      case ARRAY -> node.set("items", node(schema.valueSchema()));
      default -> {
        // A primitive has no further properties.
      }
    }
    return node;
  }

  private static Schema schema(JsonNode node) {
    Schema.Type type = Schema.Type.valueOf(node.get("type").asText().toUpperCase(Locale.ROOT));
    SchemaBuilder builder =
        type == Schema.Type.ARRAY
            ? SchemaBuilder.array(schema(node.get("items")))
            : new SchemaBuilder(type);
    if (node.has("name")) {
      builder.name(node.get("name").asText());
    }
    if (node.has("version")) {
      builder.version(node.get("version").asInt());
    }
    if (node.has("optional")) {
      builder.optional();
    }
    if (node.has("parameters")) {
      for (Map.Entry<String, JsonNode> parameter : node.get("parameters").properties()) {
        builder.parameter(parameter.getKey(), parameter.getValue().asText());
      }
    }
    if (type == Schema.Type.STRUCT) {
      for (JsonNode field : node.get("fields")) {
        builder.field(field.get("field").asText(), schema(field.get("schema")));
      }
    }
    return builder.build();
  }
}
