package dev.ingam.keys.file;

import dev.ingam.keys.Installation;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.SigningStore;
import dev.ingam.keys.SigningStores;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file stores of an installation.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class FileStores implements SigningStores {
  private FileStores() {}

  /// @param provider makes keys and signatures; null for the JDK's
  public static FileStores open(
      Installation installation, SecureRandom random, @Nullable Provider provider, Clock clock) {
    return new FileStores();
  }

  /// The sealing keys of this installation; made at the first call.
  public SealingKeys sealingKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<String> domains() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SigningStore create(String domain) {
    throw new UnsupportedOperationException(domain);
  }

  @Override
  public SigningStore open(String domain) {
    throw new UnsupportedOperationException(domain);
  }

  @Override
  public void discard(String domain) {
    throw new UnsupportedOperationException(domain);
  }
}
