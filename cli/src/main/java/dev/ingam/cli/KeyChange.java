package dev.ingam.cli;

/// A command that moves a key.
abstract class KeyChange extends AskedChange {
  KeyChange(Terminal terminal) {
    super(terminal, "key", KeyCommands.ALL_COLUMNS);
  }
}
