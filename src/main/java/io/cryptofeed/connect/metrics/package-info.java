/**
 * The vocabulary of metrics: definitions, labels, series, histograms, and the text format of
 * Prometheus. It must not know who counts, or where the values are shown.
 */
@NullMarked
package io.cryptofeed.connect.metrics;

import org.jspecify.annotations.NullMarked;
