package oneapp.agent.verify;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.SignedCertificate.DataFile;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.data.Version;
import oneapp.agent.publish.report.ReportFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;

/**
 * The files that a certificate lists, as they were when it was signed.
 *
 * @param absent files that are not here and not needed
 */
record RawData(BenchmarkResult result, List<String> here, List<String> absent)
    implements Verification.Passed {
  /** A request has about 220 bytes, and a failed one the beginning of its error too. */
  private static final long LARGEST_REQUEST = 512;

  /** More than any benchmark writes: read as a stream, it becomes half of that in memory. */
  private static final long LARGEST_DATA = BenchmarkResult.MOST_REQUESTS * LARGEST_REQUEST;

  /** Reads the result, and compares each file that is here with its signed digest. */
  static RawData read(Path folder, List<DataFile> files) throws Rejected, IOException {
    List<String> here = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    Optional<BenchmarkResult> result = Optional.empty();
    for (DataFile listed : files) {
      Path path = folder.resolve(listed.name());
      if (listed.name().equals(ReportFiles.RESULT)) {
        result = Optional.of(result(path, listed));
        here.add(listed.name());
      } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        try (DigestInputStream in = open(path, listed)) {
          compare(in, listed);
        }
        here.add(listed.name());
      } else {
        absent.add(listed.name());
      }
    }
    return new RawData(
        result.orElseThrow(() -> altered("the certificate lists no " + ReportFiles.RESULT)),
        here,
        absent);
  }

  RawData {
    here = List.copyOf(here);
    absent = List.copyOf(absent);
  }

  @Override
  public String summary() {
    return Text.format(
        "%s as signed%s",
        String.join(", ", here),
        absent.isEmpty() ? "" : "; not here and not needed: " + String.join(", ", absent));
  }

  private static BenchmarkResult result(Path path, DataFile listed) throws Rejected, IOException {
    Optional<BenchmarkResult> read = Optional.empty();
    String trouble = "";
    try (DigestInputStream in = open(path, listed)) {
      try {
        read =
            Optional.of(
                Json.MAPPER
                    .readerFor(BenchmarkResult.class)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .without(StreamReadFeature.AUTO_CLOSE_SOURCE) // The digest is still needed.
                    .<BenchmarkResult>readValue(in));
      } catch (JacksonException | IllegalArgumentException e) {
        trouble = Rejected.line(e);
      }
      compare(in, listed); // An altered file is reported as such even when it cannot be read.
    }
    if (read.isEmpty()) {
      throw unreadable(Text.format("%s: %s", listed.name(), trouble));
    }
    if (read.get().schema() != BenchmarkResult.SCHEMA) {
      throw unreadable(
          Text.format(
              "%s has schema %d, and agent %s knows %d",
              listed.name(), read.get().schema(), Version.AGENT, BenchmarkResult.SCHEMA));
    }
    return read.get();
  }

  /** Only a plain file of exactly the signed size is opened. */
  private static DigestInputStream open(Path path, DataFile listed) throws Rejected, IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw altered(
          Text.format(
              "%s is missing: put it beside the certificate, or name its folder with --data",
              path));
    }
    if (listed.bytes() > LARGEST_DATA) {
      throw unreadable(
          Text.format(
              "%s has %d bytes, expected at most %d", listed.name(), listed.bytes(), LARGEST_DATA));
    }
    if (Files.size(path) != listed.bytes()) {
      throw altered(
          Text.format("%s has %d bytes, signed were %d", path, Files.size(path), listed.bytes()));
    }
    return new DigestInputStream(
        new BufferedInputStream(Files.newInputStream(path)), Digest.sha256());
  }

  private static void compare(DigestInputStream in, DataFile listed) throws Rejected, IOException {
    in.transferTo(OutputStream.nullOutputStream());
    if (!Digest.hex(in.getMessageDigest()).equals(listed.sha256())) {
      throw altered(listed.name() + " is not what was signed: its SHA-256 differs");
    }
  }

  private static Rejected altered(String detail) {
    return new Rejected(Authenticity.DATA_ALTERED, detail);
  }

  private static Rejected unreadable(String detail) {
    return new Rejected(Authenticity.UNREADABLE, detail);
  }
}
