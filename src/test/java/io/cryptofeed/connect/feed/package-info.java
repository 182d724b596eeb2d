/** Tests of running feeds: their parts in virtual time, and whole feeds against simulators. */
@NullMarked
package io.cryptofeed.connect.feed;

import org.jspecify.annotations.NullMarked;
