package org.opennebula.client;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** The XML text of an info call, read without DTD, entities or access to anything outside. */
final class InfoDocument {
  /**
   * Limits of the JDK's parsers that must be off (0): they are meant for entities, which are
   * refused here, but count an escaped {@code <} too, and so end at some 100 kB of escaped XML.
   */
  static final List<String> TEXT_LIMITS =
      List.of("jdk.xml.maxGeneralEntitySizeLimit", "jdk.xml.totalEntitySizeLimit");

  private static final String MAX_DEPTH = "64";

  private InfoDocument() {}

  static Element parse(String text) throws CallFailure {
    try {
      DocumentBuilder builder = factory().newDocumentBuilder();
      // The default handler prints to the standard error stream.
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (SAXException | IOException e) {
      throw CallFailure.lasting(CallFailure.PARSE + oneLine(e.getMessage()));
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("The JDK's XML parser lacks a safety setting", e);
    }
  }

  private static DocumentBuilderFactory factory() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setAttribute("jdk.xml.maxElementDepth", MAX_DEPTH);
    for (String limit : TEXT_LIMITS) {
      factory.setAttribute(limit, "0");
    }
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    return factory;
  }

  static String oneLine(@Nullable String text) {
    return text == null ? "no reason given" : text.replaceAll("\\s+", " ").strip();
  }
}
