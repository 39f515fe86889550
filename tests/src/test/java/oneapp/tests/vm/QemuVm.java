package oneapp.tests.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oneapp.tests.Deadline;
import oneapp.tests.Ports;
import oneapp.tests.opennebula.FakeOpenNebula;

/**
 * A machine emulated by QEMU: two CPUs, UEFI, the context as a CD. It reaches nothing but the given
 * OpenNebula; from here it is reached by ssh and at the port of its API. Its console is kept.
 */
final class QemuVm implements AutoCloseable {
  /** Where the guest finds OpenNebula. */
  static final String RPC = "http://10.0.2.100:2633/RPC2";

  static final String ONEGATE = "http://10.0.2.100:5030";

  /**
   * Java is up to 35 times and Python 10 times slower in the guest than here, and a busy host takes
   * its share: deadlines are for what hangs.
   */
  static final Duration PATIENCE = Duration.ofMinutes(15);

  /**
   * Planned for the CPU, the smallest model wants 4 GiB for its cache; the guest touches little.
   */
  static final String MEMORY_MIB = "6144";

  /** How the names of data disks end. */
  static final String DATA_DISK = ".data.raw";

  private static final String FIRMWARE = "/usr/share/ovmf/OVMF.fd";
  private static final Duration TOOL = Duration.ofMinutes(2);

  private final Path folder;
  private final Path key;
  private final int sshPort;
  private final Process process;
  private final Qmp qmp;

  private QemuVm(Path folder, int port, List<String> command) throws IOException {
    this.folder = folder;
    this.key = folder.resolve("key");
    this.sshPort = port;
    Files.deleteIfExists(folder.resolve("qmp"));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("qemu.log").toFile()))
            .start();
    // QEMU outlives neither its test nor a test run that is interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    qmp = connect(command);
  }

  /** Makes an ssh key for a machine, and gives its public half. */
  static String newKey(Path folder) throws IOException, InterruptedException {
    Path key = folder.resolve("key");
    Program.output(
        TOOL,
        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key.toString()));
    return Files.readString(folder.resolve("key.pub")).strip();
  }

  /** Makes a disk that begins as a copy of another one. */
  static void newDisk(Path folder, Path base) throws IOException, InterruptedException {
    Program.output(
        TOOL,
        List.of(
            "qemu-img",
            "create",
            "-q",
            "-f",
            "qcow2",
            "-F",
            "qcow2",
            "-b",
            base.toAbsolutePath().toString(),
            folder.resolve("disk.qcow2").toString()));
  }

  /** Makes a disk with a file system, a label and a file on it: a further disk of each boot. */
  static void newDataDisk(Path folder, String label, Path files)
      throws IOException, InterruptedException {
    Program.output(
        TOOL,
        List.of(
            "mke2fs",
            "-q",
            "-t",
            "ext4",
            "-L",
            label,
            "-d",
            files.toString(),
            folder.resolve(label + DATA_DISK).toString(),
            "64M"));
  }

  /**
   * Boots the disk of a folder with its data disks and a context disk; the API listens at {@code
   * apiPort} there.
   */
  static QemuVm boot(Path folder, Path contextDisk, FakeOpenNebula cloud) throws IOException {
    int ssh = Ports.freePair();
    String network =
        String.join(
            ",",
            "user",
            "id=network",
            "restrict=on",
            "hostfwd=tcp:127.0.0.1:%d-:22".formatted(ssh),
            "hostfwd=tcp:127.0.0.1:%d-:8000".formatted(ssh + 1),
            "guestfwd=tcp:10.0.2.100:2633-cmd:nc 127.0.0.1 " + cloud.endpoint().getPort(),
            "guestfwd=tcp:10.0.2.100:5030-cmd:nc 127.0.0.1 " + cloud.oneGate().getPort());
    List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
    command.addAll(List.of("-accel", "tcg,thread=multi", "-machine", "q35", "-cpu", "EPYC"));
    command.addAll(List.of("-smp", "2", "-m", MEMORY_MIB, "-bios", FIRMWARE));
    command.addAll(List.of("-nodefaults", "-display", "none"));
    command.addAll(
        List.of(
            "-drive",
            "if=none,id=disk,format=qcow2,file=" + folder.resolve("disk.qcow2"),
            "-device",
            "virtio-blk-pci,drive=disk",
            "-drive",
            "if=none,id=context,format=raw,media=cdrom,readonly=on,file=" + contextDisk,
            "-device",
            "ide-cd,id=cd,drive=context",
            "-netdev",
            network,
            "-device",
            "virtio-net-pci,netdev=network,romfile=",
            "-device",
            "virtio-rng-pci",
            "-chardev",
            "file,id=console,append=on,path=" + folder.resolve("console.log"),
            "-serial",
            "chardev:console",
            "-qmp",
            "unix:%s,server=on,wait=off".formatted(folder.resolve("qmp"))));
    for (Path data : dataDisks(folder)) {
      command.addAll(List.of("-drive", "if=virtio,format=raw,file=" + data));
    }
    return new QemuVm(folder, ssh, command);
  }

  private static List<Path> dataDisks(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(DATA_DISK)).sorted().toList();
    }
  }

  private Qmp connect(List<String> command) throws IOException {
    Deadline deadline = Deadline.in(TOOL);
    while (true) {
      try {
        return Qmp.connect(folder.resolve("qmp"));
      } catch (IOException e) {
        if (!process.isAlive() || deadline.isOver()) {
          process.destroyForcibly();
          throw new IOException(
              command + ": " + Files.readString(folder.resolve("qemu.log")).strip(), e);
        }
        Deadline.pause(Duration.ofMillis(200));
      }
    }
  }

  /** The port of loopback at which its public API answers. */
  int apiPort() {
    return sshPort + 1;
  }

  /** Runs a command as root in the guest once it answers; gives its standard output. */
  String run(String script) throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(PATIENCE);
    while (true) {
      Program.Output output = ssh(script);
      // 255 is ssh's own failure: the guest is not up yet.
      if (output.status() != 255 || deadline.isOver() || !process.isAlive()) {
        if (output.status() != 0) {
          throw new IOException(
              "in the VM, %s ended with %d: %s%s"
                  .formatted(script, output.status(), output.text(), output.errors()));
        }
        return output.text();
      }
      Deadline.pause(Duration.ofSeconds(2));
    }
  }

  /** Waits until a command prints this line and nothing else. */
  void awaitOutput(String script, String line) throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(PATIENCE);
    String output = run(script).strip();
    while (!output.equals(line)) {
      if (deadline.isOver()) {
        throw new IOException("in the VM, %s prints \"%s\"".formatted(script, output));
      }
      Deadline.pause(Duration.ofSeconds(2));
      output = run(script).strip();
    }
  }

  /** Another one at each boot. */
  String bootId() throws IOException, InterruptedException {
    return run("cat /proc/sys/kernel/random/boot_id").strip();
  }

  /** Reboots the guest in order; when this returns, it is up again. */
  void reboot() throws IOException, InterruptedException {
    String before = bootId();
    run("systemctl --no-block reboot");
    Deadline deadline = Deadline.in(PATIENCE);
    while (!deadline.isOver()) {
      Program.Output output = ssh("cat /proc/sys/kernel/random/boot_id");
      if (output.status() == 0 && !output.text().strip().equals(before)) {
        return;
      }
      Deadline.pause(Duration.ofSeconds(2));
    }
    throw new IOException("the guest does not come up again: see " + console());
  }

  /** What root sees who logs in: pam_motd runs these scripts. */
  String messageOfTheDay() throws IOException, InterruptedException {
    return run("run-parts /etc/update-motd.d");
  }

  private Program.Output ssh(String script) throws IOException, InterruptedException {
    List<String> ssh =
        List.of(
            "ssh",
            "-q",
            "-T",
            "-i",
            key.toString(),
            "-p",
            Integer.toString(sshPort),
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "ConnectTimeout=60",
            "-o",
            "ControlMaster=auto",
            "-o",
            "ControlPersist=60",
            "-o",
            "ControlPath=" + folder.resolve("ssh-" + process.pid()),
            "root@127.0.0.1");
    List<String> command = new ArrayList<>(ssh);
    command.add(script);
    return Program.run(PATIENCE, command);
  }

  /** Puts another context disk in, as OpenNebula does when the context of a VM is changed. */
  void changeContext(Path contextDisk) throws IOException {
    qmp.execute(
        "blockdev-change-medium",
        Map.of("id", "cd", "filename", contextDisk.toString(), "format", "raw", "force", true));
  }

  /** The plug is pulled: nothing in the guest can write any more. */
  void cutPower() throws IOException, InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(TOOL.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("QEMU outlives SIGKILL");
    }
  }

  /** Shuts the guest down in order. */
  void powerOff() throws IOException, InterruptedException {
    qmp.execute("system_powerdown", Map.of());
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("the guest does not shut down: see " + console());
    }
  }

  /** What the guest wrote on its console, over all boots. */
  Path console() {
    return folder.resolve("console.log");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
