/** Tests of order books against plain models and hand-made sessions. */
@NullMarked
package io.cryptofeed.connect.book;

import org.jspecify.annotations.NullMarked;
