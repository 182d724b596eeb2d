package io.cryptofeed.connect.ops;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MBean with read-only numeric attributes, which may be added and removed at any time. Safe for
 * use by many threads.
 */
final class MetricsBean implements DynamicMBean, MBeanRegistration, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsBean.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName name;
  private final String description;
  private final Supplier<? extends Map<String, Attribute>> attributes;
  private volatile boolean registered;

  private MetricsBean(
      ObjectName name, String description, Supplier<? extends Map<String, Attribute>> attributes) {
    this.name = name;
    this.description = description;
    this.attributes = attributes;
  }

  /**
   * Registers a bean. It replaces one with the same name, which a task that the worker abandoned
   * may have left.
   *
   * @param name an object name; the caller quotes free text in it
   * @param attributes the attributes by name, in order; called for each request, on any thread
   * @throws IllegalStateException when the bean cannot be registered
   */
  static MetricsBean register(
      String name, String description, Supplier<? extends Map<String, Attribute>> attributes) {
    try {
      MetricsBean bean = new MetricsBean(new ObjectName(name), description, attributes);
      bean.unregister();
      bean.server.registerMBean(bean, bean.name);
      return bean;
    } catch (JMException e) {
      throw new IllegalStateException("cannot register the MBean " + name, e);
    }
  }

  /**
   * An attribute of the bean.
   *
   * @param type the type of the values: {@code long} or {@code double}
   */
  record Attribute(String description, String type, Supplier<Number> value) {}

  /** Removes the bean, unless another one has replaced it. Idempotent. */
  @Override
  public void close() {
    try {
      if (registered) {
        unregister();
      }
    } catch (JMException e) {
      LOG.warn("cannot remove the MBean {}", name, e);
    }
  }

  private void unregister() throws JMException {
    if (server.isRegistered(name)) {
      server.unregisterMBean(name);
    }
  }

  @Override
  public ObjectName preRegister(MBeanServer to, ObjectName as) {
    return as;
  }

  @Override
  public void postRegister(Boolean done) {
    registered = done;
  }

  @Override
  public void preDeregister() {}

  @Override
  public void postDeregister() {
    registered = false;
  }

  @Override
  public Object getAttribute(String wanted) throws AttributeNotFoundException {
    Attribute attribute = attributes.get().get(wanted);
    if (attribute == null) {
      throw new AttributeNotFoundException(wanted);
    }
    return attribute.value.get();
  }

  @Override
  public AttributeList getAttributes(String[] wanted) {
    Map<String, Attribute> present = attributes.get();
    AttributeList list = new AttributeList();
    for (String name : wanted) {
      Attribute attribute = present.get(name);
      if (attribute != null) {
        list.add(new javax.management.Attribute(name, attribute.value.get()));
      }
    }
    return list;
  }

  @Override
  public void setAttribute(javax.management.Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " is read-only");
  }

  @Override
  public AttributeList setAttributes(AttributeList list) {
    return new AttributeList();
  }

  @Override
  public Object invoke(
      String action, Object @Nullable [] parameters, String @Nullable [] signature) {
    throw new UnsupportedOperationException(action);
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] infos =
        attributes.get().entrySet().stream()
            .map(
                entry ->
                    new MBeanAttributeInfo(
                        entry.getKey(),
                        entry.getValue().type,
                        entry.getValue().description,
                        true,
                        false,
                        false))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(MetricsBean.class.getName(), description, infos, null, null, null);
  }
}
