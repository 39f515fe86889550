package oneapp.agent.data;

import java.io.OutputStream;
import java.security.MessageDigest;

/** Counts and hashes what is written to it, and keeps none of it. */
public final class DigestSink extends OutputStream {
  private final MessageDigest sha256 = Digest.sha256();
  private long bytes;

  @Override
  public void write(int value) {
    sha256.update((byte) value);
    bytes++;
  }

  @Override
  public void write(byte[] values, int offset, int length) {
    sha256.update(values, offset, length);
    bytes += length;
  }

  public long bytes() {
    return bytes;
  }

  /** SHA-256 of all of it, 64 hex digits; nothing may be written afterwards. */
  public String sha256() {
    return Digest.hex(sha256);
  }
}
