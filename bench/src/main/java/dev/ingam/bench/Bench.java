package dev.ingam.bench;

import java.util.List;

/// One bench: measures its figures, each beside its limit.
interface Bench {
  /// How it is measured, in one line for people.
  String method(Setting setting);

  /// Looks whether it can measure here, before anything is measured.
  ///
  /// @throws BenchException when it cannot, with what to do
  void expectTools();

  /// @throws BenchException when it cannot measure
  List<Figure> run(Setting setting) throws Exception;
}
