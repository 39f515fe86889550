package oneapp.tests.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One VM with the appliance, its OpenNebula, and its folder, which stays for reading. */
final class Site implements AutoCloseable {
  static final Path HOUSE = Path.of(System.getProperty("house"));

  private static final Path VM = HOUSE.resolve("target/vm");

  final Cloud cloud;
  final Path folder;
  private @Nullable VirtualMachine machine;

  private Site(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    cloud = new Cloud(folder);
  }

  /** Makes {@code target/vm/NAME} with a fresh disk of the appliance, as `make vm` built it. */
  static Site prepare(String name) throws IOException, InterruptedException {
    return prepare(name, VM.resolve("appliance.qcow2"));
  }

  /** The same of another disk. */
  static Site prepare(String name, Path disk) throws IOException, InterruptedException {
    Path folder = VM.resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
    VirtualMachine.newDisk(folder, disk);
    return new Site(folder);
  }

  /** Boots with the context as it is now. */
  void boot() throws IOException, InterruptedException {
    machine = VirtualMachine.boot(folder, cloud.contextDisk("context"), cloud.one);
  }

  VirtualMachine machine() {
    if (machine == null) {
      throw new IllegalStateException("the VM has not been booted");
    }
    return machine;
  }

  Door door() {
    return new Door(machine().apiPort());
  }

  /** Waits until the API is there for users. */
  void awaitDoor() throws IOException, InterruptedException {
    long end = System.nanoTime() + VirtualMachine.PATIENCE.toNanos();
    Door.Answer answer = door().get("/v1/models", Cloud.API_KEY);
    while (answer.status() != 200) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the public port answers " + answer);
      }
      VirtualMachine.pause(java.time.Duration.ofSeconds(1));
      answer = door().get("/v1/models", Cloud.API_KEY);
    }
  }

  @Override
  public void close() {
    if (machine != null) {
      machine.close();
    }
    cloud.close();
  }
}
