#!/bin/sh
# Tool:    javax.xml.stream of the JDK (Temurin 25.0.3), 2026-12-01
# Guessed: a reader that does not coalesce reports a CDATA section as a CDATA event (12), as the constant exists for it.
# True:    it comes as CHARACTERS (4), so that text and CDATA cannot be told apart, unless the factory's property
#          http://java.sun.com/xml/stream/properties/report-cdata-event is set, which XMLInputFactory does not name.
#          An event reader then still gives event type 4; only isCData() tells. An empty section is an event as well.
# Matters: OpenNebula stores template values in CDATA and drops elements that mix it with text.
# saw: default: 4 4 4 4
# saw: with the property: 4 12 4 12
# saw: event reader with the property: 4/false 4/true 4/false 4/true
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Find.java" <<'JAVA'
import java.io.StringReader;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.events.Characters;

class Find {
  static final String XML = "<A>x<![CDATA[y]]>z<![CDATA[]]></A>";

  static XMLInputFactory factory(boolean property) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    if (property) {
      factory.setProperty("http://java.sun.com/xml/stream/properties/report-cdata-event", true);
    }
    return factory;
  }

  static String types(XMLInputFactory factory) throws Exception {
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(XML));
    StringBuilder types = new StringBuilder();
    while (reader.hasNext()) {
      if (reader.next() > 2 && reader.getEventType() != 8) {
        types.append(' ').append(reader.getEventType());
      }
    }
    return types.toString();
  }

  public static void main(String[] args) throws Exception {
    System.out.println("default:" + types(factory(false)));
    System.out.println("with the property:" + types(factory(true)));
    XMLEventReader events = factory(true).createXMLEventReader(new StringReader(XML));
    StringBuilder seen = new StringBuilder("event reader with the property:");
    while (events.hasNext()) {
      if (events.nextEvent() instanceof Characters text) {
        seen.append(' ').append(text.getEventType()).append('/').append(text.isCData());
      }
    }
    System.out.println(seen);
  }
}
JAVA
timeout 60 "${JAVA_HOME:+$JAVA_HOME/bin/}java" "$work/Find.java" | tee "$work/out"
sed -n 's/^# saw: //p' "$0" | cmp -s - "$work/out"
