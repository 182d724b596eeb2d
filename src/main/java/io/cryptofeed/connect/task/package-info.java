/** A task: its plan, its feeds and its threads; the only owner of event loops. */
@NullMarked
package io.cryptofeed.connect.task;

import org.jspecify.annotations.NullMarked;
