package oneapp.tests.opennebula;

import oneapp.agent.data.Text;

/** A VM template; times are epoch seconds. */
record VmTemplate(Header header, long registered, Attributes attributes) {
  VmTemplate with(Header changed) {
    return new VmTemplate(changed, registered, attributes);
  }

  VmTemplate with(Attributes changed) {
    return new VmTemplate(header, registered, changed);
  }

  /** As in one.template.info. */
  String toXml() {
    return "<VMTEMPLATE>"
        + header.ownerXml()
        + header.lockXml()
        + header.permissionsXml()
        + Text.format("<REGTIME>%d</REGTIME>", registered)
        + attributes.toXml("TEMPLATE")
        + "</VMTEMPLATE>";
  }
}
