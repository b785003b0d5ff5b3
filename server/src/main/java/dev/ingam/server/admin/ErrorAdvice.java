package dev.ingam.server.admin;

import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.keys.KeysException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Turns whatever ends a request into the one error format.
@RestControllerAdvice
final class ErrorAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

  @ExceptionHandler
  void handle(AdminException e, HttpServletResponse response) throws IOException {
    e.error().write(response, e.description());
  }

  @ExceptionHandler
  void handle(KeysException e, HttpServletResponse response) throws IOException {
    var error =
        switch (e.code()) {
          case NO_SUCH_SET, NO_SUCH_KEY -> AdminError.NOT_FOUND;
          case ILLEGAL_MOVE,
              PUBLISHED_TOO_SHORT,
              RESERVE_KEY,
              CHANGED_MEANWHILE,
              DOMAIN_CONDEMNED,
              KEY_GONE ->
              AdminError.CONFLICT;
          case STORE_UNAVAILABLE, NO_ACTIVE_KEY, NOT_ACTIVE, KEY_STATES_STALE, DATABASE_BEHIND ->
              AdminError.UNAVAILABLE;
          case CONFIGURATION,
              MASTER_KEY_MISSING,
              MASTER_KEY_WRONG,
              STORE_DAMAGED,
              NO_ROOM,
              FOREIGN_STORE,
              KEY_EXPOSED,
              PIN_REFUSED,
              NOT_SEALED_HERE,
              SECRETS_MISSING,
              SECRETS_EXPOSED,
              INSTALLATION_DAMAGED,
              FOLDER_IN_USE,
              FOREIGN_DATABASE,
              CRYPTO_UNAVAILABLE ->
              AdminError.SERVER_ERROR;
        };
    if (error == AdminError.SERVER_ERROR) {
      LOG.atError().addKeyValue("code", e.code().wireName()).setCause(e).log("Keys failed");
    }
    error.write(response, Sentence.of(String.valueOf(e.getMessage())));
  }

  @ExceptionHandler
  void handle(IssuanceException e, HttpServletResponse response) throws IOException {
    LOG.atWarn().setCause(e).log("Issuance did not answer the admin API");
    AdminError.UNAVAILABLE.write(response, "The ledger does not answer now. Try again.");
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  void handleDatabase(RuntimeException e, HttpServletResponse response) throws IOException {
    LOG.atWarn().setCause(e).log("The database did not answer the admin API");
    AdminError.UNAVAILABLE.write(response, "The database does not answer now. Try again.");
  }

  @ExceptionHandler
  void handle(HttpMessageNotReadableException e, HttpServletResponse response) throws IOException {
    AdminError.INVALID_REQUEST.write(response, unreadable(e.getCause()));
  }

  private static String unreadable(@Nullable Throwable cause) {
    return switch (cause) {
      case UnrecognizedPropertyException e -> {
        var known = e.getKnownPropertyIds();
        yield "Expected a JSON object with the members "
            + (known == null
                ? "of this call"
                : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ")))
            + "; came \""
            + e.getPropertyName()
            + "\". Correct the name or leave it out.";
      }
      case DatabindException e when e.getPath().isEmpty() ->
          "Expected one JSON object as the body, as docs/spec/admin-api.md describes it.";
      case DatabindException e ->
          "Expected a value of another type for " + path(e) + ". See docs/spec/admin-api.md.";
      case JacksonException e -> "Expected JSON; it breaks: " + e.getOriginalMessage();
      case null, default -> "Expected a JSON object as the body; came none.";
    };
  }

  private static String path(DatabindException e) {
    return e.getPath().stream()
        .map(each ->
            each.getPropertyName() == null ? "[" + each.getIndex() + "]" : each.getPropertyName())
        .collect(Collectors.joining(".", "\"", "\""));
  }

  @ExceptionHandler
  void handle(HttpRequestMethodNotSupportedException e, HttpServletResponse response)
      throws IOException {
    var allowed = e.getSupportedMethods();
    var names = allowed == null ? "" : String.join(", ", new TreeSet<>(List.of(allowed)));
    response.setHeader("Allow", names);
    AdminError.METHOD_NOT_ALLOWED.write(response, "Expected method " + names + " for this path.");
  }

  @ExceptionHandler
  void handle(HttpMediaTypeNotSupportedException e, HttpServletResponse response)
      throws IOException {
    AdminError.UNSUPPORTED_MEDIA_TYPE.write(response, "Expected Content-Type: application/json.");
  }

  @ExceptionHandler
  void handle(HttpMediaTypeNotAcceptableException e, HttpServletResponse response)
      throws IOException {
    AdminError.NOT_ACCEPTABLE.write(
        response, "Expected Accept: application/json, or none; this is what is answered.");
  }

  @ExceptionHandler
  void handle(MissingServletRequestParameterException e, HttpServletResponse response)
      throws IOException {
    AdminError.INVALID_REQUEST.write(
        response, "Expected the query parameter " + e.getParameterName() + "; it is missing.");
  }

  @ExceptionHandler
  void handle(MethodArgumentTypeMismatchException e, HttpServletResponse response)
      throws IOException {
    AdminError.INVALID_REQUEST.write(
        response, "Expected a number for " + e.getName() + "; came something else.");
  }

  @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
  void handleNowhere(Exception e, HttpServletResponse response) throws IOException {
    AdminError.NOT_FOUND.write(
        response, "Nothing stands at this path of the admin API. See /v3/api-docs.");
  }

  @ExceptionHandler
  void handleAny(Exception e, HttpServletResponse response) throws IOException {
    LOG.atError().setCause(e).log("The admin API failed");
    AdminError.SERVER_ERROR.write(response, "The server failed; its log says why.");
  }
}
