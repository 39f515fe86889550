package oneapp.agent.publish;

import java.util.Optional;
import java.util.Set;

/**
 * The VM through XML-RPC and, when that fails, through OneGate, so that the reason is seen in the
 * VM. Once the second way is taken, it is kept to the end of the round.
 */
final class FallbackAccess implements ObjectAccess {
  private final ObjectAccess first;
  private final ObjectAccess second;
  private Optional<Problem> failed = Optional.empty();

  FallbackAccess(ObjectAccess first, ObjectAccess second) {
    this.first = first;
    this.second = second;
  }

  /** Tries the first way again; call it before each round of reads and writes. */
  void begin() {
    failed = Optional.empty();
  }

  /** Why the second way is used, if it is. */
  Optional<Problem> failed() {
    return failed;
  }

  private interface Call<T> {
    T on(ObjectAccess access) throws OpenNebulaFailure;
  }

  private <T> T call(Call<T> call) throws OpenNebulaFailure {
    if (failed.isPresent()) {
      return call.on(second);
    }
    try {
      return call.on(first);
    } catch (OpenNebulaFailure e) {
      try {
        T done = call.on(second);
        failed = Optional.of(e.problem());
        return done;
      } catch (OpenNebulaFailure both) {
        e.addSuppressed(both);
        throw e;
      }
    }
  }

  @Override
  public StoredObject read() throws OpenNebulaFailure {
    return call(ObjectAccess::read);
  }

  @Override
  public void merge(StoredAttributes attributes) throws OpenNebulaFailure {
    call(
        access -> {
          access.merge(attributes);
          return attributes;
        });
  }

  @Override
  public void delete(Set<String> names) throws OpenNebulaFailure {
    call(
        access -> {
          access.delete(names);
          return names;
        });
  }
}
