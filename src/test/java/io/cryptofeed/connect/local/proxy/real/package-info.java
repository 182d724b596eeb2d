/** Third-party proxy servers, each as a process of its own. */
@NullMarked
package io.cryptofeed.connect.local.proxy.real;

import org.jspecify.annotations.NullMarked;
