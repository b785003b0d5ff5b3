package dev.ingam.bench;

import java.util.List;

/// One bench: measures its figures, each beside its limit.
interface Bench {
  /// How it is measured, in one line for people.
  String method(Setting setting);

  /// @throws BenchException when it cannot measure here, with what to do
  List<Figure> run(Setting setting) throws Exception;
}
