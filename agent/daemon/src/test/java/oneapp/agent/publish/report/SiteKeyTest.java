package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Optional;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.VerifyingKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteKeyTest {
  @TempDir private Path folder = Path.of("");
  private Path secret = Path.of("");
  private Path pub = Path.of("");

  @BeforeEach
  void names() {
    secret = folder.resolve("signing-key.pem");
    pub = folder.resolve("signing-key.pub.pem");
  }

  private SigningKey own() throws IOException {
    return SiteKey.of(Optional.empty(), folder);
  }

  private VerifyingKey published() throws IOException {
    return VerifyingKey.parse(Files.readString(pub));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void oneIsMadeForTheAgentsUserAloneAndStays() throws Exception {
    SigningKey made = own();
    assertThat(mode(secret)).isEqualTo("rw-------");
    assertThat(mode(pub)).isEqualTo("rw-r--r--");
    assertThat(published()).isEqualTo(made.verifying());
    assertThat(own().verifying()).isEqualTo(made.verifying());
  }

  /** Refused by name, with what to do, and every byte of it is still there. */
  private void assertRefused(String why) throws IOException {
    byte[] before = Files.readAllBytes(secret);
    assertThatThrownBy(this::own)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(secret + " ")
        .hasMessageContaining(why)
        .hasMessageEndingWith("repair it, or delete it and a new one is made");
    assertThat(secret).hasBinaryContent(before);
    assertThat(pub).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4=\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "the key is in the safe"
      })
  void aDamagedOneIsRefusedAndKept(String content) throws Exception {
    Files.writeString(secret, content);
    assertRefused("expected an Ed25519 private key");
  }

  @Test
  void oneThatWasCutIsRefusedAndKept() throws Exception {
    byte[] whole = SigningKey.generate().pem().getBytes(StandardCharsets.US_ASCII);
    for (int length : new int[] {1, 27, 40, 64, whole.length - 10}) {
      Files.write(secret, java.util.Arrays.copyOf(whole, length));
      assertRefused("expected an Ed25519 private key");
    }
  }

  @Test
  void oneOfAnotherKindIsRefusedAndKept() throws Exception {
    byte[] rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    String body = Base64.getMimeEncoder().encodeToString(rsa);
    Files.writeString(
        secret, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    assertRefused("expected an Ed25519 private key");
  }

  @Test
  void aFileThatIsFarTooLargeIsNotRead() throws Exception {
    Files.write(secret, new byte[100_000]);
    assertRefused("is a file of more than ");
  }

  @Test
  void aLinkToNothingIsNotReplaced() throws Exception {
    Path target = secret.resolveSibling("disk").resolve("key.pem");
    Files.createSymbolicLink(secret, target);
    assertThatThrownBy(this::own)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a link to a missing file");
    assertThat(secret).isSymbolicLink();
    assertThat(target).doesNotExist();
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", secret.toString()).start().waitFor()).isZero();
    assertThatThrownBy(this::own)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no plain file");
  }

  @Test
  void oneThatOthersCouldReadIsMadePrivate() throws Exception {
    SigningKey key = own();
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(own().verifying()).isEqualTo(key.verifying());
    assertThat(mode(secret)).isEqualTo("rw-------");
  }

  @Test
  void whatCannotBeReadIsNamed() throws Exception {
    Files.createDirectory(secret);
    assertThatThrownBy(this::own)
        .hasMessageStartingWith(secret + " cannot be read: ")
        .hasMessageEndingWith("repair it, or delete it and a new one is made");
    assertThat(secret).isDirectory();
  }

  @Test
  void aMissingOneIsMadeAnewAndThePublicHalfOfTheEarlierStays() throws Exception {
    VerifyingKey before = own().verifying();
    Files.delete(secret);
    VerifyingKey after = own().verifying();
    assertThat(after).isNotEqualTo(before);
    assertThat(published()).isEqualTo(after);
    Path earlier = folder.resolve("signing-key-" + before.fingerprint() + ".pub.pem");
    assertThat(VerifyingKey.parse(Files.readString(earlier))).isEqualTo(before);
  }

  @Test
  void theContextsKeyLeavesTheOwnOneAlone() throws Exception {
    SigningKey own = own();
    SigningKey given = SigningKey.generate();
    assertThat(SiteKey.of(Optional.of(given), folder).verifying()).isEqualTo(given.verifying());
    assertThat(published()).isEqualTo(given.verifying());
    assertThat(own().verifying()).as("without it again").isEqualTo(own.verifying());
    Path earlier = folder.resolve("signing-key-" + given.verifying().fingerprint() + ".pub.pem");
    assertThat(earlier).exists();
  }

  @Test
  void aDamagedPublicHalfIsMadeAgain() throws Exception {
    SigningKey key = own();
    Files.writeString(pub, "no key");
    assertThat(own().verifying()).isEqualTo(key.verifying());
    assertThat(published()).isEqualTo(key.verifying());
    Files.delete(pub);
    own();
    assertThat(published()).isEqualTo(key.verifying());
  }
}
