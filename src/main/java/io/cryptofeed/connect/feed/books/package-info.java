/**
 * The books of one instrument: synchronised, checked, and published as {@code book.mode} asks. It
 * must not know where messages come from.
 */
@NullMarked
package io.cryptofeed.connect.feed.books;

import org.jspecify.annotations.NullMarked;
