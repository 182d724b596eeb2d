package io.cryptofeed.connect.proxy.manager;

import java.lang.reflect.InvocationTargetException;

/** Makes what the configuration names by its class. */
public final class Plugins {

  private Plugins() {}

  /**
   * Makes an object with the public constructor that has no parameters.
   *
   * @param key the property that names the class
   * @throws IllegalArgumentException says why it cannot, and names the key
   */
  public static <T> T make(String className, Class<T> type, String key) {
    Class<?> found = find(className, key);
    if (!type.isAssignableFrom(found)) {
      throw new IllegalArgumentException(
          key
              + ": "
              + className
              + " is not a "
              + type.getName()
              + "; name a class that implements it");
    }
    try {
      return type.cast(found.getConstructor().newInstance());
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          key
              + ": the constructor of "
              + className
              + " failed with "
              + e.getTargetException().getClass().getName(),
          e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          key + ": " + className + " has no public constructor without parameters; give it one", e);
    }
  }

  /** On a Connect worker, a thread of the plugin has the plugin's class loader. */
  private static Class<?> find(String className, String key) {
    try {
      ClassLoader own = Thread.currentThread().getContextClassLoader();
      return Class.forName(className, true, own == null ? Plugins.class.getClassLoader() : own);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException(
          key
              + ": there is no class "
              + className
              + "; check its name, and put its jar into the folder of the connector",
          e);
    }
  }
}
