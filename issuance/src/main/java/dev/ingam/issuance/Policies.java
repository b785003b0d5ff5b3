package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audiences;
import dev.ingam.issuance.audience.LoweredRows;
import dev.ingam.issuance.route.Routes;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import java.time.Clock;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What an operator decides for routes and audiences, and what follows from both together.
record Policies(Routes routes, Audiences audiences, TrustLevels trust, Observations observed) {
  static Policies of(
      JdbcClient database,
      TransactionTemplate transactions,
      RowMac macs,
      EventTable events,
      Kinds kinds) {
    var storage = new Audiences.Storage(database, transactions, macs, events);
    var routes =
        new Routes(
            new Routes.Storage(database, transactions, macs, events),
            new LoweredRows(storage, kinds.clock()),
            kinds.clock());
    var audiences =
        new Audiences(
            storage,
            new Audiences.Surroundings(kinds.keySets(), kinds.usual(), routes::isPersonal),
            kinds.clock());
    return new Policies(
        routes,
        audiences,
        new TrustLevels(audiences, routes, kinds.recall(), kinds.clock()),
        new Observations(database, audiences));
  }

  /// @param keySets that sign access tokens
  /// @param usual the one that signs for audiences without a policy
  record Kinds(Set<String> keySets, String usual, Recall recall, Clock clock) {}
}
