package dev.ingam.server.admin;

import dev.ingam.keys.MasterKeys;
import dev.ingam.server.door.Reply;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The master keys of key stores.
@RestController
@RequestMapping(path = "/admin/master-keys", produces = Reply.JSON)
@Tag(name = "keys")
final class MasterKeysController {
  private static final List<String> EFFECTS =
      List.of(
          "Every key store in files is encrypted under a new master key; no signing key changes.",
          "Who copied the old master keys opens nothing with them but old copies of the stores.",
          "Backups of before open only with the folder of secrets as it was: take a backup now, and a copy of that folder.");

  private final MasterKeys masterKeys;

  MasterKeysController(MasterKeys masterKeys) {
    this.masterKeys = masterKeys;
  }

  /// @param stores that have a new one; none in a dry run
  @Schema(name = "MasterKeyChange")
  record Change(boolean dryRun, List<String> effects, List<String> stores) {}

  @Schema(name = "MasterKeyRotation")
  record Rotate(@Nullable Boolean dryRun) {}

  @PostMapping("/rotate")
  @Operation(summary = "Encrypt all key stores in files under new master keys")
  Change rotate(@RequestBody Rotate body) {
    return Boolean.TRUE.equals(body.dryRun())
        ? new Change(true, EFFECTS, List.of())
        : new Change(false, EFFECTS, List.copyOf(masterKeys.rotate(KeysController.ACTOR)));
  }
}
