package oneapp.tests.opennebula;

/** The kinds of objects, with the words and the access-rule bits that oned has for them. */
public enum Kind {
  VM("virtual machine", 0x1000000000L),
  USER("user", 0x10000000000L),
  TEMPLATE("virtual machine template", 0x20000000000L);

  final String words;
  final long bit;

  Kind(String words, long bit) {
    this.words = words;
    this.bit = bit;
  }
}
