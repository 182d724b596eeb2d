/**
 * The vocabulary of metrics: names, labels, series, histograms, and their text form. It must not
 * know what is measured.
 */
@NullMarked
package io.cryptofeed.connect.metrics;

import org.jspecify.annotations.NullMarked;
