package oneapp.agent.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  /** RFC 8032, section 7.1, test 2. */
  private static final String SEED =
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

  private static final String PUBLIC =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  private static final String SIGNATURE =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  void signsAsTheStandardSays() {
    SigningKey key = SigningKey.parse(hex(SEED));
    assertThat(HexFormat.of().formatHex(key.sign(hex("72")))).isEqualTo(SIGNATURE);
    assertThat(key.verifying())
        .isEqualTo(VerifyingKey.parse(Base64.getEncoder().encodeToString(hex(PUBLIC))));
    assertThat(key.verifying().verifies(hex("72"), hex(SIGNATURE))).isTrue();
    assertThat(key.verifying().verifies(hex("73"), hex(SIGNATURE))).isFalse();
    assertThat(key.verifying().verifies(hex("72"), new byte[3])).isFalse();
  }

  @Test
  void everyFormIsTheSameKey() {
    SigningKey key = SigningKey.parse(hex(SEED));
    String pem = key.pem();
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
    assertThat(SigningKey.parse(pem.getBytes(UTF_8)).verifying()).isEqualTo(key.verifying());
    assertThat(SigningKey.parse(der).verifying()).isEqualTo(key.verifying());
    assertThat(VerifyingKey.parse(key.verifying().pem())).isEqualTo(key.verifying());
    assertThat(SigningKey.parse(SigningKey.generate().pem().getBytes(UTF_8))).isNotNull();
  }

  @Test
  void anotherKindOfKeyIsRefusedWithoutItsBytes() throws Exception {
    byte[] curve = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
    byte[] x25519 =
        KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate().getEncoded();
    byte[] seed = hex(SEED);
    String pem = SigningKey.parse(seed).pem();
    for (byte[] wrong :
        new byte[][] {
          curve,
          x25519,
          Arrays.copyOf(seed, 31),
          Arrays.copyOf(seed, 64),
          {},
          pem.replace("PRIVATE", "ENCRYPTED PRIVATE").getBytes(UTF_8),
          pem.replace("MC4C", "!!!!").getBytes(UTF_8),
          (pem + pem).getBytes(UTF_8)
        }) {
      assertThatThrownBy(() -> SigningKey.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining(pem.substring(30, 60))
          .hasNoCause();
    }
    assertThat(SigningKey.parse(seed).toString()).doesNotContain(SEED.substring(0, 8));
  }

  @Property(tries = 200)
  void noOtherMessageOrSignatureFits(
      @ForAll @Size(32) byte[] seed, @ForAll byte[] message, @ForAll int at) {
    SigningKey key = SigningKey.parse(seed);
    byte[] signature = key.sign(message);
    assertThat(key.verifying().verifies(message, signature)).isTrue();
    byte[] other = signature.clone();
    other[Math.floorMod(at, other.length)] ^= (byte) (1 << Math.floorMod(at, 8));
    assertThat(key.verifying().verifies(message, other)).isFalse();
  }

  @Test
  void aPublicKeyHasOneSpelling() {
    VerifyingKey key = SigningKey.parse(hex(SEED)).verifying();
    assertThatThrownBy(() -> new VerifyingKey(key.base64().replaceFirst("=$", "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VerifyingKey.parse("AAAA"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VerifyingKey.parse("no key"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
