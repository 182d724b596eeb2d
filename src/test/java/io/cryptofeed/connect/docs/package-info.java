/**
 * Writes the reference pages from the code, and checks that the pages, the samples and the
 * guarantees match it.
 */
@NullMarked
package io.cryptofeed.connect.docs;

import org.jspecify.annotations.NullMarked;
