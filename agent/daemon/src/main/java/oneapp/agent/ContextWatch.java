package oneapp.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oneapp.agent.context.ContextSource;
import oneapp.agent.context.RawContext;

/**
 * Notices that another context or token was put in the place of the one that was read; OpenNebula's
 * hooks write the same one again at each event, and that is no change.
 */
public final class ContextWatch {
  /** What a file looks like from outside: cheap to ask every few seconds. */
  private record Look(FileTime modified, long size, String key) {}

  /** What the files say. */
  private record Content(RawContext context, Optional<String> token) {}

  private final ContextSource source;
  private List<Look> looks;
  private Content content;

  public ContextWatch(ContextSource source) {
    this.source = source;
    this.looks = looks();
    this.content = content();
  }

  /** True once for each change. */
  boolean changed() {
    List<Look> now = looks();
    if (now.equals(looks)) {
      return false;
    }
    looks = now;
    Content read = content();
    boolean other = !read.equals(content);
    content = read;
    return other;
  }

  private Content content() {
    return new Content(source.raw(), source.oneGateToken());
  }

  private List<Look> looks() {
    List<Look> seen = new ArrayList<>();
    for (Path file : List.of(source.contextFile(), source.tokenFile())) {
      try {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        seen.add(new Look(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
      } catch (IOException e) {
        seen.add(new Look(FileTime.fromMillis(0), -1, "absent"));
      }
    }
    return seen;
  }
}
