package oneapp.tests.opennebula;

/** What one may do with an object, from the least to the most. */
public enum Right {
  USE(0, 1),
  MANAGE(1, 2),
  ADMIN(2, 4);

  /** The place among three permissions. */
  final int place;

  final long bit;

  Right(int place, long bit) {
    this.place = place;
    this.bit = bit;
  }
}
