package dev.ingam.keys.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.ingam.keys.Installation;
import dev.ingam.keys.SigningStoreContract;
import dev.ingam.keys.SigningStores;
import dev.ingam.testkit.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The file stores on Amazon Corretto Crypto Provider, where its native library loads.
class FileStoresOnAccpTest extends SigningStoreContract {
  @TempDir Path folder;
  private Installation installation;
  private FileStores stores;

  @BeforeEach
  void open() {
    var provider = AmazonCorrettoCryptoProvider.INSTANCE;
    assumeTrue(provider.getLoadingError() == null, "the native library of ACCP does not load here");
    var clock = SettableClock.at("2026-11-23T00:00:00Z");
    installation = Installation.open(folder.resolve("data"), folder.resolve("secrets"), clock);
    stores = FileStores.open(installation, new SecureRandom(), provider, clock);
  }

  @AfterEach
  void close() {
    if (installation != null) {
      installation.close();
    }
  }

  @Override
  protected SigningStores stores() {
    return stores;
  }

  @Override
  protected void restart() {
    close();
    open();
  }
}
