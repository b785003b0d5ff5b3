package dev.ingam.server.admin;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientAuthentication.ClientSecret;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.Clients;
import dev.ingam.server.door.Reply;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Clients: who may ask for tokens, deliver log-ins or ask the ledger.
@RestController
@RequestMapping(path = "/admin/clients", produces = Reply.JSON)
@Tag(name = "clients")
final class ClientsController {
  private final Clients clients;
  private final ClientJson json;

  /// Held from reading a version to changing it: all changes come through here.
  private final ReentrantLock changing = new ReentrantLock();

  ClientsController(Clients clients, ClientJson json) {
    this.clients = clients;
    this.json = json;
  }

  record ClientList(List<ClientJson.Shown> clients) {}

  /// @param secret of a client that has one; shown here and never again
  @Schema(name = "ClientWithSecret")
  record Made(ClientJson.Shown client, @Nullable String secret) {}

  @GetMapping
  @Operation(summary = "All clients, by id")
  ClientList list() {
    return new ClientList(clients.list().stream().map(json::shown).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  @Refuses(AdminError.CONFLICT)
  @Operation(summary = "Make a client")
  Made create(@RequestBody ClientJson.New body) {
    return made(clients.create(json.settings(body), KeysController.ACTOR));
  }

  @GetMapping("/{id}")
  @Refuses(AdminError.NOT_FOUND)
  @Operation(summary = "One client")
  ClientJson.Shown show(@PathVariable("id") String id) {
    return json.shown(known(id));
  }

  @PutMapping("/{id}")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "Replace what a client is; with the version that was read")
  ClientJson.Shown update(@PathVariable("id") String id, @RequestBody ClientJson.Change body) {
    return alone(() -> {
      var before = known(id);
      checkVersion(before, body.version());
      var settings = json.settings(before, body);
      var after = changed(clients.update(settings, KeysController.ACTOR));
      var enabled = body.enabled() == null ? before.enabled() : body.enabled();
      if (enabled == after.enabled()) {
        return json.shown(after);
      }
      return json.shown(
          changed(
              enabled
                  ? clients.enable(id, KeysController.ACTOR)
                  : clients.disable(id, KeysController.ACTOR)));
    });
  }

  @DeleteMapping("/{id}")
  @Refuses(AdminError.NOT_FOUND)
  @Operation(summary = "Disable a client; it is kept, as ids are not used twice")
  ClientJson.Shown disable(@PathVariable("id") String id) {
    return alone(() -> json.shown(changed(clients.disable(id, KeysController.ACTOR))));
  }

  @PostMapping("/{id}/secret")
  @Refuses({AdminError.NOT_FOUND, AdminError.CONFLICT})
  @Operation(summary = "Replace a client's secret; the one before is worth nothing at once")
  Made secret(@PathVariable("id") String id) {
    return alone(() -> {
      if (!(known(id).authentication() instanceof ClientSecret)) {
        throw AdminError.CONFLICT.because(
            "Expected a client with a secret; this one proves itself by its key. Change that instead.");
      }
      return made(clients.rotateSecret(id, KeysController.ACTOR));
    });
  }

  private Client known(String id) {
    return clients.find(id).orElseThrow(ClientsController::unknown);
  }

  private static void checkVersion(Client before, @Nullable Long version) {
    if (version == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"version\": the one that was read, so that no other change is undone.");
    }
    if (version != before.version()) {
      throw AdminError.CONFLICT.because(
          "Expected version "
              + before.version()
              + ", which is the present one; came "
              + version
              + ". Read the client again and repeat the change.");
    }
  }

  private <T> T alone(Supplier<T> change) {
    changing.lock();
    try {
      return change.get();
    } finally {
      changing.unlock();
    }
  }

  private Made made(ClientChange change) {
    var done = done(change);
    var secret = done.secret();
    return new Made(json.shown(done.client()), secret == null ? null : secret.reveal());
  }

  private static Client changed(ClientChange change) {
    return done(change).client();
  }

  private static ClientChange.Changed done(ClientChange change) {
    return switch (change) {
      case ClientChange.Changed changed -> changed;
      case ClientChange.Invalid(List<String> problems) ->
          throw AdminError.INVALID_REQUEST.because(
              "Correct all of these: " + String.join("; ", problems) + ".");
      case ClientChange.Exists() ->
          throw AdminError.CONFLICT.because(
              "Expected a new id; there is a client of this id. Choose another.");
      case ClientChange.NotFound() -> throw unknown();
    };
  }

  private static AdminException unknown() {
    return AdminError.NOT_FOUND.because("Expected the id of a client; there is none of this id.");
  }
}
