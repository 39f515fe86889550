package oneapp.tests.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import oneapp.tests.Deadline;
import org.jspecify.annotations.Nullable;

/** One VM with the appliance, its OpenNebula, and its folder, which stays for reading. */
final class ApplianceSite implements AutoCloseable {
  static final Path HOUSE = Path.of(System.getProperty("house"));

  private static final Path VM = HOUSE.resolve("target/vm");

  final ApplianceCloud cloud;
  final Path folder;
  private @Nullable QemuVm machine;

  private ApplianceSite(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    cloud = new ApplianceCloud(folder);
  }

  /** Makes {@code target/vm/NAME} with a fresh disk of the appliance, as `make vm` built it. */
  static ApplianceSite prepare(String name) throws IOException, InterruptedException {
    return prepare(name, VM.resolve("appliance.qcow2"));
  }

  /** The same of another disk. */
  static ApplianceSite prepare(String name, Path disk) throws IOException, InterruptedException {
    Path folder = VM.resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
    QemuVm.newDisk(folder, disk);
    return new ApplianceSite(folder);
  }

  /** Boots with the context as it is now. */
  void boot() throws IOException, InterruptedException {
    machine = QemuVm.boot(folder, cloud.contextDisk("context"), cloud.one);
  }

  QemuVm machine() {
    if (machine == null) {
      throw new IllegalStateException("the VM has not been booted");
    }
    return machine;
  }

  PublicApi door() {
    return new PublicApi(machine().apiPort());
  }

  /** Waits until the API is there for users. */
  void awaitDoor() throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(QemuVm.PATIENCE);
    PublicApi.Answer answer = door().get("/v1/models", ApplianceCloud.API_KEY);
    while (answer.status() != 200) {
      if (deadline.isOver()) {
        throw new AssertionError("the public port answers " + answer);
      }
      Deadline.pause(java.time.Duration.ofSeconds(1));
      answer = door().get("/v1/models", ApplianceCloud.API_KEY);
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
