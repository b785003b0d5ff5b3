package dev.ingam.keys;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A custody domain as the database has it.
record DomainRow(
    String name, DomainRole role, Instant createdAt, @Nullable Verdict verdict, long version) {

  static DomainRow made(String name, DomainRole role, Instant now) {
    return new DomainRow(name, role, now, null, 1);
  }

  DomainRow as(DomainRole changed) {
    return new DomainRow(name, changed, createdAt, verdict, version + 1);
  }

  /// Condemned as of the verdict's time, or to be.
  DomainRow judged(Verdict changed) {
    var next = changed.condemnedAt() == null ? role : DomainRole.CONDEMNED;
    return new DomainRow(name, next, createdAt, changed, version + 1);
  }

  /// When it was condemned; null when it is not.
  @Nullable Instant condemnedAt() {
    return verdict == null ? null : verdict.condemnedAt();
  }

  /// What condemned a domain.
  ///
  /// @param dueAt when it will be condemned, or was to be at the earliest
  /// @param byKid the key whose theft was proven
  /// @param compromised whether that key was born after the first emergency
  record Verdict(
      String byKid,
      String cause,
      Instant dueAt,
      @Nullable Instant condemnedAt,
      boolean compromised,
      List<String> taintedKids,
      List<String> newKids) {
    Verdict {
      taintedKids = List.copyOf(taintedKids);
      newKids = List.copyOf(newKids);
    }

    Verdict carriedOut(Instant now, List<String> tainted, List<String> successors) {
      return new Verdict(byKid, cause, dueAt, now, compromised, tainted, successors);
    }
  }

  /// @throws IllegalStateException when nothing condemned it
  Condemnation condemnation(boolean first) {
    if (verdict == null) {
      throw new IllegalStateException("domain " + name + " is not condemned");
    }
    var done = verdict.condemnedAt();
    return new Condemnation(
        first,
        name,
        verdict.taintedKids(),
        verdict.newKids(),
        done == null ? verdict.dueAt() : done,
        done);
  }
}
