package oneapp.agent.durable;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import tools.jackson.core.JacksonException;

/**
 * Why a file could not be used, in words for people. Java's exceptions tell it by their class, and
 * their message is often the path alone: callers add the path to these words.
 */
public final class FileFailure {
  private FileFailure() {}

  /** {@code no such file or folder}, {@code permission denied}; without the path, on one line. */
  public static String words(Exception failure) {
    String words =
        switch (failure) {
          case NoSuchFileException _ -> "no such file or folder";
          case AccessDeniedException _ -> "permission denied";
          case NotDirectoryException _ -> "is not a directory";
          case DirectoryNotEmptyException _ -> "is a directory that is not empty";
          case FileAlreadyExistsException _ -> "is there already";
          case CharacterCodingException _ -> "is not UTF-8 text";
          case FileSystemException file when file.getReason() != null -> system(file.getReason());
          case JacksonException json when json.getCause() instanceof IOException cause ->
              words(cause);
          // Without the excerpt of the source, which may hold a secret.
          case JacksonException json -> String.valueOf(json.getOriginalMessage());
          case IOException plain
              when plain.getClass().equals(IOException.class) && plain.getMessage() != null ->
              system(plain.getMessage());
          default -> failure.getClass().getSimpleName() + ": " + failure.getMessage();
        };
    return words.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The system begins with a capital: {@code Is a directory}, {@code No space left on device}. */
  private static String system(String reason) {
    return reason.matches("[A-Z][a-z]* .*")
        ? reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1)
        : reason;
  }
}
