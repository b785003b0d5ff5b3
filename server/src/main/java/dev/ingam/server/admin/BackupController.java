package dev.ingam.server.admin;

import dev.ingam.server.backup.Backup;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Backups, as a stream.
@RestController
@RequestMapping("/admin/backup")
@Tag(name = "backup")
final class BackupController {
  private static final Logger LOG = LoggerFactory.getLogger(BackupController.class);

  private final Backup backup;

  BackupController(Backup backup) {
    this.backup = backup;
  }

  /// An archive that breaks off ends without its end, so who reads it knows; the status is told by
  /// then.
  @PostMapping
  @Refuses(AdminError.CONFLICT)
  @Operation(summary = "A backup, encrypted, while everything goes on")
  @ApiResponse(
      responseCode = "200",
      description = "An archive (docs/spec/backup.md); whole if it ends with its end.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  void write(HttpServletResponse response) {
    try {
      boolean written =
          backup.write(() -> {
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            return response.getOutputStream();
          });
      if (!written) {
        throw AdminError.CONFLICT.because(
            "Expected no other backup to be under way, one is; wait for its end.");
      }
    } catch (IOException e) {
      LOG.atError().setCause(e).log("A backup broke off");
      if (!response.isCommitted()) {
        response.reset();
        throw AdminError.UNAVAILABLE.because("The backup failed; the server's log says why.");
      }
    }
  }
}
