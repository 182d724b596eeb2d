package io.cryptofeed.connect.exchange.profile;

/**
 * A condition that a message of some kind meets.
 *
 * @param at the field
 * @param how how its value is compared
 * @param text the text that the value is compared with; empty for {@link How#PRESENT}
 */
public record FieldCondition(Pointer at, How how, String text) {

  /** How a value, which is a string, a number, a boolean or null, is compared. */
  public enum How {
    /** Its text equals the text. */
    EQUALS,
    /** Its text starts with the text. */
    PREFIX,
    /** Its text ends with the text. */
    SUFFIX,
    /** Its text contains the text. */
    CONTAINS,
    /** It is present and not null. */
    PRESENT
  }
}
