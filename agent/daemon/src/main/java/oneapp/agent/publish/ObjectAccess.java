package oneapp.agent.publish;

import java.util.Set;

/** A way to read and write one object of OpenNebula; a call blocks, within its own time-outs. */
interface ObjectAccess {
  /** What is stored now, with values decoded. */
  StoredObject read() throws OpenNebulaFailure;

  /** Adds or replaces attributes; others stay. */
  void merge(StoredAttributes attributes) throws OpenNebulaFailure;

  void delete(Set<String> names) throws OpenNebulaFailure;
}
