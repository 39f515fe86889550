package org.opennebula.client;

import javax.xml.XMLConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import javax.xml.xpath.XPathFactoryConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/** An object of OpenNebula: its id, and what the last successful {@code info()} told of it. */
public abstract class PoolElement {
  protected final int id;
  protected final Client client;
  private @Nullable Element xml;

  protected PoolElement(int id, Client client) {
    this.id = id;
    this.client = client;
  }

  /** Keeps what an info call answered; an answer that is no XML becomes an error. */
  protected final OneResponse keep(OneResponse info) {
    String text = info.getMessage();
    if (text == null) {
      return info;
    }
    try {
      xml = InfoDocument.parse(text);
      return info;
    } catch (CallFailure e) {
      return new OneResponse(false, e.getMessage());
    }
  }

  public String getId() {
    return Integer.toString(id);
  }

  public int id() {
    return id;
  }

  /** The name, or null before a successful {@code info()}. */
  public @Nullable String getName() {
    return xpath("NAME");
  }

  /** The number of the state, or -1 if it is unknown. */
  public int state() {
    return number("STATE");
  }

  /** The owner's id, or -1 if it is unknown. */
  public int uid() {
    return number("UID");
  }

  /** The group's id, or -1 if it is unknown. */
  public int gid() {
    return number("GID");
  }

  /**
   * The text at a path below the object's element: empty if nothing is there, null before a
   * successful {@code info()} or if the expression is wrong.
   */
  public @Nullable String xpath(String expression) {
    if (xml == null) {
      return null;
    }
    XPathFactory factory = XPathFactory.newDefaultInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newXPath().evaluate(expression, xml);
    } catch (XPathExpressionException e) {
      return null;
    } catch (XPathFactoryConfigurationException e) {
      throw new IllegalStateException("The JDK's XPath knows no secure processing", e);
    }
  }

  /** The number at a path, or -1 if there is none. */
  protected final int number(String expression) {
    String text = xpath(expression);
    try {
      return text == null ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
