/** The local stack: what a test or the quickstart runs the connector against, on this machine. */
@NullMarked
package io.cryptofeed.connect.local;

import org.jspecify.annotations.NullMarked;
