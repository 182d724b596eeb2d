/**
 * Exchanges that CCXT serves: its own JavaScript bundle, unmodified, in GraalJS, with every global
 * that it needs supplied here, and every socket opened by the proxy layer.
 *
 * <p>One exchange is one script context on one event loop. The classes of GraalJS are not part of
 * the connector; the component with CCXT contains them.
 */
@NullMarked
package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.NullMarked;
