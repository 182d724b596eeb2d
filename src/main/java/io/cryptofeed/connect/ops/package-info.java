/**
 * What operators see of a task: MBeans, the worker's metrics, the Prometheus endpoint. It must not
 * know exchanges.
 */
@NullMarked
package io.cryptofeed.connect.ops;

import org.jspecify.annotations.NullMarked;
