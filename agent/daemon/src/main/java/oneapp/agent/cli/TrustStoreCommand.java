package oneapp.agent.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.concurrent.Callable;
import oneapp.agent.data.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Writes the certificates of a PEM bundle, such as that of Debian's ca-certificates, as a trust
 * store that the Java runtime reads: PKCS12 without a password. For {@code vllm-agent-prepare}.
 */
@Command(
    name = "trust-store",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Writes the trust store of the agent's own runtime.")
public final class TrustStoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "BUNDLE", description = "A PEM bundle of certificates.")
  private Path bundle = Path.of("");

  @Parameters(paramLabel = "STORE", description = "The store to write.")
  private Path store = Path.of("");

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws GeneralSecurityException {
    try {
      write(bundle, store);
      return 0;
    } catch (IOException e) {
      spec.commandLine().getErr().println("vllm-agent trust-store: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /**
   * Writes {@code bundle} to {@code store}.
   *
   * @throws IOException when the bundle cannot be read, or has no certificate
   */
  static void write(Path bundle, Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates(bundle)) {
      keys.setCertificateEntry(Text.format("%03d", number++), certificate);
    }
    if (number == 0) {
      throw new IOException(bundle + " has no certificate: expected a PEM bundle");
    }
    try (OutputStream out = Files.newOutputStream(store)) {
      keys.store(out, null);
    }
  }

  private static Collection<? extends Certificate> certificates(Path bundle)
      throws IOException, CertificateException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(bundle))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (CertificateException e) {
      throw new IOException(bundle + " is no PEM bundle of certificates: " + e.getMessage(), e);
    }
  }
}
