package dev.ingam.issuance.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The proofs that stand in files as long as something of them is open: of each stolen key one,
/// until the key is condemned and that proof is in the database. In which order the two come, and
/// what fails between, does not matter: a file goes when both are seen to be so.
final class KeptProofs {
  private static final Logger LOG = LoggerFactory.getLogger(KeptProofs.class);

  private final @Nullable ProofJournal journal;
  private final ProofStore store;

  /// @param journal null keeps them in memory only
  KeptProofs(@Nullable ProofJournal journal, ProofStore store) {
    this.journal = journal;
    this.store = store;
  }

  /// What an earlier process proved and could not finish.
  List<ProofJournal.Pending> ofEarlierProcesses() {
    try {
      return journal == null ? List.of() : journal.read();
    } catch (IOException e) {
      throw new UncheckedIOException("expected to read the kept proofs of theft", e);
    }
  }

  /// Puts the proof of this case into its file, unless one is there. A disk that is full does not
  /// stop the taint; it is tried again. Under [TheftCase#condemning].
  void keep(TheftCase theft) {
    var pending = theft.unkept;
    if (journal == null || theft.journaled != null || pending == null) {
      return;
    }
    try {
      journal.keep(pending.proof(), pending.askedBy());
      theft.journaled = pending.proof();
      theft.unkept = null;
    } catch (IOException e) {
      if (theft.firstNotKept()) {
        LOG.atError()
            .addKeyValue("kid", theft.kid())
            .setCause(e)
            .log("The first proof of a theft could not be kept in a file; it is tried again");
      }
    }
  }

  /// What is neither in a file nor in the database: its key may be condemned already.
  void keepUnwritten(Collection<TheftCase> cases) {
    for (var theft : cases) {
      if (theft.condemning.tryLock()) {
        try {
          keep(theft);
        } finally {
          theft.condemning.unlock();
        }
      }
    }
  }

  /// This proof is in the database.
  static void written(TheftCase theft, Proof proof) {
    var pending = theft.unkept;
    if (pending != null && pending.proof().equals(proof)) {
      theft.unkept = null;
    }
  }

  /// Deletes the files of what is condemned and in the database.
  void settle(Collection<TheftCase> cases) {
    for (var theft : cases) {
      var kept = theft.journaled;
      if (journal == null || kept == null || theft.condemnation == null || !store.has(kept)) {
        continue;
      }
      try {
        journal.forget(theft.kid());
        theft.journaled = null;
      } catch (IOException e) {
        LOG.atWarn()
            .addKeyValue("kid", theft.kid())
            .setCause(e)
            .log("A kept proof that is settled could not be deleted; it is tried again");
      }
    }
  }
}
