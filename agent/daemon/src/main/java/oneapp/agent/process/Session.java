package oneapp.agent.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The processes of one Linux session, read from /proc; zombies do not count. */
final class Session {
  private static final Path PROC = Path.of("/proc");

  private Session() {}

  /** Process ids of all living members of session {@code id}. */
  static List<Long> members(long id) {
    List<Long> members = new ArrayList<>();
    try (Stream<Path> entries = Files.list(PROC)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .forEach(
              name -> {
                if (isMember(PROC.resolve(name).resolve("stat"), id)) {
                  members.add(Long.valueOf(name));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException("listing /proc", e);
    }
    return members;
  }

  /** Processor time of all living members so far, in clock ticks. */
  static long cpuTicks(long id) {
    long ticks = 0;
    for (long pid : members(id)) {
      try {
        String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 14);
        ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      } catch (IOException e) {
        // It ended between the listing and now.
      }
    }
    return ticks;
  }

  /** stat is "pid (name) state ppid pgrp session ..."; the name may hold spaces and brackets. */
  private static boolean isMember(Path stat, long id) {
    String text;
    try {
      text = Files.readString(stat, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return false; // It ended between the listing and now.
    }
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 5);
    return !fields[0].equals("Z") && !fields[0].equals("X") && fields[3].equals(Long.toString(id));
  }
}
