package dev.ingam.issuance.ledger;

import java.time.Clock;

/// What every part of a ledger needs.
record Surroundings(
    LedgerOptions options, Clock clock, Disk disk, Alarms alarms, Book.Reading reading) {

  Surroundings(LedgerOptions options, Clock clock, Disk disk, LedgerSecrets secrets) {
    this(
        options,
        clock,
        disk,
        new Alarms(clock),
        new Book.Reading(
            new SerialKeys(secrets.serialKeys()), new CoarseClock(clock), options.skew()));
  }
}
