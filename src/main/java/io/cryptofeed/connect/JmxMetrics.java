package io.cryptofeed.connect;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics on workers older than Apache Kafka 4.1: one bean for each task, {@code
 * io.cryptofeed:type=task,connector="…",task=0}, whose attributes are the numbers. A number with
 * tags has their values at the end of its name: {@code records-total-trades}.
 */
final class JmxMetrics implements TaskMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(JmxMetrics.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Numbers numbers = new Numbers();
  private final ObjectName name;

  JmxMetrics(String connector, String task) {
    try {
      name =
          new ObjectName(
              "io.cryptofeed:type=task,connector=" + ObjectName.quote(connector) + ",task=" + task);
      // A task that the worker gave up waiting for may have left its bean behind.
      unregister();
      server.registerMBean(numbers, name);
    } catch (JMException e) {
      throw new IllegalStateException("cannot show the metrics of task " + task, e);
    }
  }

  @Override
  public void gauge(
      String gaugeName, String description, Map<String, String> tags, LongSupplier value) {
    StringBuilder attribute = new StringBuilder(gaugeName);
    new TreeMap<>(tags).values().forEach(tag -> attribute.append('-').append(tag));
    numbers.attributes.put(attribute.toString(), new Figure(description, value));
  }

  @Override
  public void close() {
    try {
      unregister();
    } catch (JMException e) {
      LOG.warn("cannot take the metrics {} away", name, e);
    }
  }

  private void unregister() throws JMException {
    if (server.isRegistered(name)) {
      server.unregisterMBean(name);
    }
  }

  private record Figure(String description, LongSupplier value) {}

  /** The numbers as attributes that can only be read. */
  private static final class Numbers implements DynamicMBean {

    private final Map<String, Figure> attributes = new ConcurrentSkipListMap<>();

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
      Figure number = attributes.get(attribute);
      if (number == null) {
        throw new AttributeNotFoundException(attribute);
      }
      return number.value.getAsLong();
    }

    @Override
    public AttributeList getAttributes(String[] names) {
      AttributeList list = new AttributeList();
      for (String attribute : names) {
        Figure number = attributes.get(attribute);
        if (number != null) {
          list.add(new Attribute(attribute, number.value.getAsLong()));
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
    public Object invoke(String action, Object[] parameters, String[] signature) {
      throw new UnsupportedOperationException(action);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
      List<MBeanAttributeInfo> infos = new ArrayList<>();
      attributes.forEach(
          (attribute, number) ->
              infos.add(
                  new MBeanAttributeInfo(
                      attribute, "long", number.description, true, false, false)));
      return new MBeanInfo(
          Numbers.class.getName(),
          "What a task of the connector has done",
          infos.toArray(new MBeanAttributeInfo[0]),
          null,
          null,
          null);
    }
  }
}
