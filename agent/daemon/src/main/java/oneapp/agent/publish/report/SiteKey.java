package oneapp.agent.publish.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.Text;
import oneapp.agent.data.VerifyingKey;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.durable.PlainFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The site's key on disk: the private half, which only the agent's user reads, unless the context
 * gives it; and the public half beside it, for whoever verifies.
 */
public final class SiteKey {
  private static final Logger log = LoggerFactory.getLogger(SiteKey.class);

  /** A key in PEM has about 120 bytes. */
  private static final int LARGEST_BYTES = 16 * 1024;

  private static final String WHAT_TO_DO = "repair it, or delete it and a new one is made";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final String SECRET = "signing-key.pem";
  private static final String PUBLIC = "signing-key.pub.pem";

  private SiteKey() {}

  /**
   * The given key, else the one of {@code folder}, which is made when there is none. The public
   * half is beside it then; that of an earlier key is kept under a name of its own, so that what it
   * signed can still be verified.
   *
   * @throws IOException naming the file, when there is a key that cannot be read, or none can be
   *     kept; a key that is there is never replaced
   */
  public static SigningKey of(Optional<SigningKey> given, Path folder) throws IOException {
    SigningKey key = given.isPresent() ? given.get() : own(folder.resolve(SECRET));
    publish(key.verifying(), folder.resolve(PUBLIC));
    return key;
  }

  private static SigningKey own(Path file) throws IOException {
    try {
      String text = read(file);
      keepPrivate(file);
      return SigningKey.parse(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(file)) {
        throw new IOException(
            Text.format(
                "%s is a link to a missing file, perhaps on a disk that is not mounted: %s",
                file, WHAT_TO_DO),
            e);
      }
      SigningKey made = SigningKey.generate();
      DurableFile.write(file, made.pem());
      log.info("made a signing key of this site, {}: its public half is beside {}", made, file);
      return made;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          Text.format(
              "%s is %s, expected %s: %s", file, e.getMessage(), SigningKey.EXPECTED, WHAT_TO_DO),
          e);
    } catch (IOException e) {
      throw new IOException(
          Text.format("%s cannot be read: %s: %s", file, FileFailure.words(e), WHAT_TO_DO), e);
    }
  }

  /** Warns if other users could read the key, since they may have a copy, and takes that away. */
  private static void keepPrivate(Path file) throws IOException {
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(file);
    if (OWNER_ONLY.containsAll(before)) {
      return;
    }
    log.warn(
        "{} has the mode {}, expected rw-------: if others may have read it, delete it and a new one is made",
        file,
        PosixFilePermissions.toString(before));
    try {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    } catch (FileSystemException e) {
      log.warn("the mode of {} stays: it belongs to another user", file);
    }
  }

  private static void publish(VerifyingKey key, Path file) throws IOException {
    Optional<VerifyingKey> earlier = earlier(file);
    if (earlier.filter(key::equals).isPresent()) {
      return;
    }
    if (earlier.isPresent()) {
      String fingerprint = earlier.get().fingerprint();
      write(earlier.get(), file.resolveSibling("signing-key-" + fingerprint + ".pub.pem"));
      log.warn(
          "the signing key is now {}; certificates that {} signed stay valid for those who trust that"
              + " key",
          key.fingerprint(),
          fingerprint);
    }
    write(key, file);
  }

  private static Optional<VerifyingKey> earlier(Path file) throws IOException {
    try {
      return Optional.of(VerifyingKey.parse(read(file)));
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty(); // The public half can always be made again.
    }
  }

  private static void write(VerifyingKey key, Path file) throws IOException {
    DurableFile.writeForAll(file, key.pem());
  }

  private static String read(Path file) throws IOException {
    byte[] content = PlainFile.read(file, LARGEST_BYTES);
    if (content.length > LARGEST_BYTES) {
      throw new IllegalArgumentException(
          Text.format("a file of more than %d bytes", LARGEST_BYTES));
    }
    return new String(content, StandardCharsets.ISO_8859_1);
  }
}
