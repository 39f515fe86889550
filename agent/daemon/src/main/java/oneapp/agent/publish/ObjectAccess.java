package oneapp.agent.publish;

import java.util.Map;
import java.util.Set;

/** A way to read and write one object of OpenNebula; a call blocks, within its own time-outs. */
interface ObjectAccess {
  /** What is stored now, with values decoded. */
  StoredObject read() throws OpenNebulaFailure;

  /** Adds or replaces attributes, given as they are to be stored; others stay. */
  void merge(Map<String, Attribute> attributes) throws OpenNebulaFailure;

  void delete(Set<String> names) throws OpenNebulaFailure;
}
