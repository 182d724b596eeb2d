/**
 * Runs an exchange: connects, subscribes, watches, reconnects and resynchronises; owns the state of
 * a session.
 */
@NullMarked
package io.cryptofeed.connect.feed;

import org.jspecify.annotations.NullMarked;
