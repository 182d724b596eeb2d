/** What the proxy layer reports: metrics, alerts, log lines and the audit. */
@NullMarked
package io.cryptofeed.connect.proxy.monitor;

import org.jspecify.annotations.NullMarked;
