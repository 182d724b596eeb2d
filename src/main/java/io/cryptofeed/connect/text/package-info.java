/**
 * Text that people write: YAML with the place of every node, durations, and the nearest known name
 * for a misspelt one. It must not know what the text is about.
 */
@NullMarked
package io.cryptofeed.connect.text;

import org.jspecify.annotations.NullMarked;
