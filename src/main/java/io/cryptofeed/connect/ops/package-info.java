/**
 * What operators see of a task: the worker's metrics, MBeans, the endpoint for Prometheus. It must
 * not know exchanges.
 */
@NullMarked
package io.cryptofeed.connect.ops;

import org.jspecify.annotations.NullMarked;
