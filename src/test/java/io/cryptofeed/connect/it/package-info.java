/**
 * Integration tests: the connector as a plugin of a real worker, and the component zip as it is
 * published, with the helpers that these tests share.
 */
@NullMarked
package io.cryptofeed.connect.it;

import org.jspecify.annotations.NullMarked;
