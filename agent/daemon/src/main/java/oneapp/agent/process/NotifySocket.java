package oneapp.agent.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import oneapp.agent.data.Text;

/**
 * The datagram socket of a service manager, as sd_notify(3) uses it: Java has no datagrams over
 * AF_UNIX. The system calls are linked by the first message, which takes 50 to 140 ms.
 */
public final class NotifySocket {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
  private static final int EAGAIN = 11;

  /** sun_path of sockaddr_un. */
  private static final int LONGEST_NAME = 108;

  private static final int ATTEMPTS = 20;
  private static final long PAUSE_MILLIS = 50;

  private final byte[] name;

  /**
   * A socket.
   *
   * @param address what NOTIFY_SOCKET holds: an absolute path, or an abstract name after {@code @}
   * @throws IllegalArgumentException for any other address
   */
  public NotifySocket(String address) {
    name = address.getBytes(StandardCharsets.UTF_8);
    boolean known = address.startsWith("/") || (address.startsWith("@") && name.length > 1);
    if (!known || name.length >= LONGEST_NAME) {
      throw new IllegalArgumentException(
          Text.format(
              "NOTIFY_SOCKET is \"%s\", expected an absolute path or @name of less than %d bytes",
              address, LONGEST_NAME));
    }
  }

  /**
   * Sends {@code message}, lines of {@code NAME=value}; retries for a second while the queue is
   * full.
   *
   * @throws IOException when it cannot be delivered
   */
  public void send(String message) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(message);
      MemorySegment address = address(arena);
      MemorySegment failure = arena.allocate(Calls.STATE);
      int socket = (int) Calls.SOCKET.invokeExact(failure, (int) AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      if (socket < 0) {
        throw new IOException("opening a socket: errno " + (int) Calls.ERRNO.get(failure, 0L));
      }
      try {
        send(socket, bytes, address, failure);
      } finally {
        int _ = (int) Calls.CLOSE.invokeExact(socket);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("calling the system", e);
    }
  }

  private void send(int socket, MemorySegment bytes, MemorySegment address, MemorySegment failure)
      throws Throwable {
    long length = bytes.byteSize() - 1;
    for (int attempt = 1; ; attempt++) {
      long sent =
          (long)
              Calls.SENDTO.invokeExact(
                  failure,
                  socket,
                  bytes,
                  length,
                  DONTWAIT_NOSIGNAL,
                  address,
                  (int) address.byteSize());
      if (sent == length) {
        return;
      }
      int errno = (int) Calls.ERRNO.get(failure, 0L);
      if (errno != EAGAIN || attempt == ATTEMPTS) {
        throw new IOException("sending to NOTIFY_SOCKET: errno " + errno);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** An abstract name begins with a zero byte and ends with its length; a path ends with zero. */
  private MemorySegment address(Arena arena) {
    boolean isAbstract = name[0] == '@';
    MemorySegment address = arena.allocate(Short.BYTES + name.length + (isAbstract ? 0 : 1));
    address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
    if (isAbstract) {
      address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
    }
    return address;
  }

  /** The system calls; loading this class links them. */
  @SuppressWarnings("restricted") // the launcher allows native access
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    static final MethodHandle SOCKET =
        link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), KEEP_ERRNO);
    static final MethodHandle SENDTO =
        link(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
            KEEP_ERRNO);
    static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static MethodHandle link(
        String name, FunctionDescriptor descriptor, Linker.Option... options) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
  }
}
