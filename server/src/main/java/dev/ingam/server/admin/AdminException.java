package dev.ingam.server.admin;

/// Ends a request of the admin API with an error of its table.
final class AdminException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final AdminError error;

  AdminException(AdminError error, String description) {
    super(description, null, false, false);
    this.error = error;
  }

  AdminError error() {
    return error;
  }

  String description() {
    return String.valueOf(getMessage());
  }
}
