package io.cryptofeed.connect.proxy.settings;

/**
 * Where a setting was given.
 *
 * @param key the property, in its canonical form: {@code proxy.default.rest.url}
 * @param place the source that won, in words: {@code connector property}, {@code env
 *     CRYPTOFEED_PROXY_DEFAULT__REST__URL}, {@code proxies.yaml}
 */
public record Source(String key, String place) {
  @Override
  public String toString() {
    return key + " from " + place;
  }
}
