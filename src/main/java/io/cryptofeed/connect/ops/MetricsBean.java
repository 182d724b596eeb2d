package io.cryptofeed.connect.ops;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.Attribute;
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
 * A bean whose attributes are numbers that can only be read; they may come and go. Safe for use by
 * many threads.
 */
final class MetricsBean implements DynamicMBean, MBeanRegistration, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsBean.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName name;
  private final String description;
  private final Supplier<? extends Map<String, Figure>> figures;
  private volatile boolean registered;

  private MetricsBean(
      ObjectName name, String description, Supplier<? extends Map<String, Figure>> figures) {
    this.name = name;
    this.description = description;
    this.figures = figures;
  }

  /**
   * Registers a bean. It takes the place of one with the same name, which a task that the worker
   * gave up waiting for may have left behind.
   *
   * @param name an object name; a value that may hold anything is quoted
   * @param figures by the attribute's name, in order; asked for whenever somebody looks
   * @throws IllegalStateException when it can't be registered
   */
  static MetricsBean register(
      String name, String description, Supplier<? extends Map<String, Figure>> figures) {
    try {
      MetricsBean bean = new MetricsBean(new ObjectName(name), description, figures);
      bean.unregister();
      bean.server.registerMBean(bean, bean.name);
      return bean;
    } catch (JMException e) {
      throw new IllegalStateException("cannot show the metrics " + name, e);
    }
  }

  /**
   * A number.
   *
   * @param type of the number: {@code long} or {@code double}
   */
  record Figure(String description, String type, Supplier<Number> value) {}

  /** Takes the bean away, unless another has taken its place. Idempotent. */
  @Override
  public void close() {
    try {
      if (registered) {
        unregister();
      }
    } catch (JMException e) {
      LOG.warn("cannot take the metrics {} away", name, e);
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
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Figure figure = figures.get().get(attribute);
    if (figure == null) {
      throw new AttributeNotFoundException(attribute);
    }
    return figure.value.get();
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    Map<String, Figure> present = figures.get();
    AttributeList list = new AttributeList();
    for (String attribute : attributes) {
      Figure figure = present.get(attribute);
      if (figure != null) {
        list.add(new Attribute(attribute, figure.value.get()));
      }
    }
    return list;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
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
        figures.get().entrySet().stream()
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
