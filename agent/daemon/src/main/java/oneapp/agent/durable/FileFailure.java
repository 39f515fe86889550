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
 * Why a file could not be used, in words for people. Java says it by the class of the exception,
 * and its message is often the path alone: whoever asks here names the path.
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
          // Its own message ends with where in the source, which it may not show.
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
