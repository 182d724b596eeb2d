package io.cryptofeed.connect.exchange.profile;

/**
 * What must hold for a message to be of a kind.
 *
 * @param at where to look
 * @param how what must hold there
 * @param text what the value is compared with; empty where it only has to be there
 */
public record FieldCondition(Pointer at, How how, String text) {

  /** The ways to look at a value, which is a string, a number, a boolean or null. */
  public enum How {
    /** Its text is this one. */
    EQUALS,
    /** Its text begins so. */
    PREFIX,
    /** Its text ends so. */
    SUFFIX,
    /** Its text has this in it. */
    CONTAINS,
    /** It is there, and not null. */
    PRESENT
  }
}
