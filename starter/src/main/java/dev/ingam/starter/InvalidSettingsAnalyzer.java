package dev.ingam.starter;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says everything that is wrong at once, in place of a stack trace.
final class InvalidSettingsAnalyzer extends AbstractFailureAnalyzer<InvalidSettingsException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingsException cause) {
    return new FailureAnalysis(
        "This service cannot ask Ingam as it is configured:\n- "
            + String.join("\n- ", cause.problems()),
        "Set what is missing. ingam.resource-server.audience is enough where Ingam runs on this"
            + " machine and a client of this service's name has its secret in the working folder.",
        cause);
  }
}
