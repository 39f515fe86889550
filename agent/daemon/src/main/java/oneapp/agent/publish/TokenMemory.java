package oneapp.agent.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Text;
import oneapp.agent.data.Xml;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the token was accepted and when it ends, kept over restarts: oned answers the same to a
 * wrong, an expired and a revoked token, and only this tells them apart.
 */
final class TokenMemory {
  private static final Logger log = LoggerFactory.getLogger(TokenMemory.class);

  /**
   * What is kept.
   *
   * @param mark 4 hex digits that tell one token from another and say nothing about it
   * @param expires when it ends, in seconds since 1970; 0 or less for never or unknown
   */
  record Seen(String mark, long expires) {
    Seen {
      if (!mark.matches("[0-9a-f]{4}")) {
        throw new IllegalArgumentException("not the mark of a token: " + mark);
      }
    }
  }

  private final Path file;
  private Optional<Seen> seen;

  TokenMemory(Path folder) {
    this.file = folder.resolve("token.json");
    this.seen = CheckedFile.readOrSetAside(file, Seen.class);
  }

  /** Keeps that oned accepted the token, and when it ends, from the caller's own description. */
  synchronized void accepted(Xml.Element user, String token) {
    long expires =
        user.children("LOGIN_TOKEN").stream()
            .filter(login -> login.text("TOKEN").equals(Optional.of(token)))
            .flatMap(login -> login.text("EXPIRATION_TIME").stream())
            .filter(text -> text.matches("[0-9]{1,12}"))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(0);
    Seen now = new Seen(mark(token), expires);
    if (!seen.equals(Optional.of(now))) {
      seen = Optional.of(now);
      try {
        DurableFile.write(file, CheckedFile.text(now));
      } catch (IOException e) {
        log.warn("cannot keep when the token of OpenNebula ends: {}", FileFailure.words(e));
      }
    }
  }

  /** One sentence on why oned refused the token. */
  synchronized String whyRefused(String token, Instant now) {
    if (seen.isEmpty() || !seen.get().mark().equals(mark(token))) {
      return "oned does not accept ONEAPP_VLLM_ONE_AUTH: wrong user or token, an expired or revoked"
          + " token, or a disabled user";
    }
    long expires = seen.get().expires();
    if (expires > 0 && now.getEpochSecond() >= expires) {
      return Text.format(
          "the token of ONEAPP_VLLM_ONE_AUTH expired at %s: make a new one and update the context",
          Instant.ofEpochSecond(expires));
    }
    return "oned accepted ONEAPP_VLLM_ONE_AUTH before and does not now: the token was revoked, the"
        + " password changed, or the user disabled or deleted";
  }

  private static String mark(String token) {
    return Digest.sha256(token).substring(0, 4);
  }
}
