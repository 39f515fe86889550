package oneapp.agent.publish;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must not be lost, on disk: a file for each result until every target has it, the final state
 * until it is delivered, and the result that the VM shows. What the disk refuses is kept in memory,
 * delivered all the same, and written as soon as the disk takes it.
 */
final class Outbox {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final String FILE = "result-(\\d{12})\\.json";

  /** A result and the targets that have it. */
  record Entry(ResultRecord result, Set<Target> delivered) {
    Entry {
      delivered = Set.copyOf(delivered);
    }
  }

  /**
   * What the VM shows.
   *
   * @param vmId a disk may be copied into another VM
   * @param result the newest result of the present fingerprint
   */
  record Shown(int vmId, Optional<ResultRecord> result) {}

  private final Path folder;
  private final Map<Long, Entry> entries = new TreeMap<>();
  private final Map<Path, Object> unsaved = new TreeMap<>();
  private Shown shown;
  private @Nullable State finalState;

  /** Reads what an earlier run left; damaged files are set aside. */
  Outbox(Path folder, int vmId) {
    this.folder = folder;
    for (Path file : files()) {
      CheckedFile.readOrSetAside(file, Entry.class).ifPresent(entry -> put(file, entry));
    }
    finalState = CheckedFile.readOrSetAside(stateFile(), State.class).orElse(null);
    Optional<Shown> earlier = CheckedFile.readOrSetAside(shownFile(), Shown.class);
    shown = earlier.orElseGet(() -> new Shown(vmId, Optional.empty()));
    if (shown.vmId() != vmId) {
      shown = new Shown(vmId, Optional.empty());
      finalState = null;
    } else {
      // A crash between the two files of add() leaves a result that is not yet shown.
      entries.values().stream()
          .filter(entry -> !entry.delivered().contains(Target.VM))
          .forEach(entry -> show(entry.result()));
    }
  }

  private void put(Path file, Entry entry) {
    entries.put(Long.parseLong(file.getFileName().toString().replaceFirst(FILE, "$1")), entry);
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().matches(FILE)).toList();
    } catch (IOException e) {
      log.error("the outbox {} cannot be read: {}", folder, FileFailure.words(e));
      return List.of();
    }
  }

  /**
   * Adds a result at the end; true when it is on disk. The same id again replaces, in its place.
   */
  synchronized boolean add(ResultRecord result) {
    long number =
        entries.entrySet().stream()
            .filter(entry -> entry.getValue().result().resultId().equals(result.resultId()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseGet(this::next);
    Entry entry = new Entry(result, Set.of());
    entries.put(number, entry);
    boolean saved = save(file(number), entry);
    return show(result) && saved;
  }

  /** Above every entry, and no file's number: one that could not be read is not written over. */
  private long next() {
    long number = entries.keySet().stream().max(Long::compare).orElse(0L) + 1;
    while (Files.exists(file(number))) {
      number++;
    }
    return number;
  }

  private boolean show(ResultRecord result) {
    if (shown.result().filter(now -> now.date().isAfter(result.date())).isPresent()) {
      return true;
    }
    shown = new Shown(shown.vmId(), Optional.of(result));
    return save(shownFile(), shown);
  }

  /** The results that a target does not have, by number, oldest first. */
  synchronized NavigableMap<Long, ResultRecord> pending(Target target) {
    NavigableMap<Long, ResultRecord> pending = new TreeMap<>();
    entries.forEach(
        (number, entry) -> {
          if (!entry.delivered().contains(target)) {
            pending.put(number, entry.result());
          }
        });
    return pending;
  }

  /** Records a delivery; the file goes when all of {@code needed} have the result. */
  synchronized void delivered(long number, ResultRecord result, Target target, Set<Target> needed) {
    Entry entry = entries.get(number);
    if (entry == null || !entry.result().equals(result)) {
      // Replaced while it was under way: what replaced it is delivered next.
      return;
    }
    Set<Target> delivered = EnumSet.of(target);
    delivered.addAll(entry.delivered());
    if (delivered.containsAll(needed)) {
      entries.remove(number);
      remove(file(number));
    } else {
      Entry now = new Entry(entry.result(), delivered);
      entries.put(number, now);
      save(file(number), now);
    }
  }

  /** The newest result of this VM; the command {@code benchmark} may have written it just now. */
  synchronized Optional<ResultRecord> shownResult() {
    learnShown();
    return shown.result();
  }

  private void learnShown() {
    if (unsaved.containsKey(shownFile())) {
      return;
    }
    Optional<ResultRecord> mine = shown.result();
    CheckedFile.readOrSetAside(shownFile(), Shown.class)
        .filter(stored -> stored.vmId() == shown.vmId())
        .flatMap(Shown::result)
        .filter(theirs -> mine.isEmpty() || theirs.date().isAfter(mine.get().date()))
        .ifPresent(theirs -> shown = new Shown(shown.vmId(), Optional.of(theirs)));
  }

  /** Shows no result any more; those that wait for template and user stay. */
  synchronized void withdraw(Set<Target> needed) {
    shown = new Shown(shown.vmId(), Optional.empty());
    save(shownFile(), shown);
    pending(Target.VM).forEach((number, result) -> delivered(number, result, Target.VM, needed));
  }

  /** Keeps a final state; one that is not final makes an earlier one void. */
  synchronized void state(State state) {
    if (state.stage().isEnd()) {
      finalState = state;
      save(stateFile(), state);
    } else if (finalState != null) {
      finalState = null;
      remove(stateFile());
    }
  }

  synchronized Optional<State> finalState() {
    return Optional.ofNullable(finalState);
  }

  synchronized void stateDelivered(State state) {
    if (state.equals(finalState)) {
      finalState = null;
      remove(stateFile());
    }
  }

  /** Tries again to write what the disk refused. */
  synchronized void saveUnsaved() {
    List.copyOf(unsaved.entrySet()).forEach(entry -> save(entry.getKey(), entry.getValue()));
  }

  private boolean save(Path file, Object content) {
    try {
      DurableFile.write(file, CheckedFile.text(content));
      if (unsaved.remove(file) != null) {
        log.info("{} is written now", file);
      }
      return true;
    } catch (ClosedByInterruptException e) {
      // The publisher is being closed; what is on disk is delivered once more, which is harmless.
      unsaved.put(file, content);
      return false;
    } catch (IOException e) {
      if (unsaved.put(file, content) == null) {
        log.error(
            "{} cannot be written ({}): kept in memory, free some space",
            file,
            FileFailure.words(e));
      }
      return false;
    }
  }

  private void remove(Path file) {
    unsaved.remove(file);
    try {
      DurableFile.delete(file);
    } catch (ClosedByInterruptException e) {
      // As in save().
    } catch (IOException e) {
      // What stays is delivered once more after a restart, which changes nothing.
      log.warn("{} cannot be removed: {}", file, FileFailure.words(e));
    }
  }

  private Path file(long number) {
    return folder.resolve(Text.format("result-%012d.json", number));
  }

  private Path stateFile() {
    return folder.resolve("state.json");
  }

  private Path shownFile() {
    return folder.resolve("shown.json");
  }
}
