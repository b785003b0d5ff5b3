package dev.ingam;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.ToolProvider;

/// The codes of all alarms, as the source text has them: what is given to a new `Alarm`, `Problem`
/// or `LedgerAlarm`, to a `raise` of an alarm board, and to the problem that the command makes
/// itself.
final class AlarmCodes {
  /// Where a code only passes through, as the parameter or member that holds it.
  private static final Set<String> PASSED_ON = Set.of("code", "alarm.code()");

  private static final Set<String> RECORDS = Set.of("Alarm", "LedgerAlarm", "Problem");

  // A code, and the places that raise it.
  private final Map<String, Set<String>> places = new TreeMap<>();
  private final List<String> unreadable = new ArrayList<>();

  private AlarmCodes() {}

  static AlarmCodes in(List<Path> sources) throws IOException {
    var codes = new AlarmCodes();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var files = manager.getJavaFileObjectsFromPaths(sources);
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, files);
      for (var unit : task.parse()) {
        codes.new Scanner(unit).scan(unit, null);
      }
    }
    return codes;
  }

  /// Each code, and the files that raise it.
  Map<String, Set<String>> places() {
    return places;
  }

  /// Alarms whose code this cannot read.
  List<String> unreadable() {
    return unreadable;
  }

  private final class Scanner extends TreeScanner<Void, Void> {
    private final String file;
    private final Map<String, ExpressionTree> constants = new HashMap<>();

    Scanner(CompilationUnitTree unit) {
      file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitVariable(VariableTree variable, Void unused) {
          if (variable.getInitializer() != null) {
            constants.put(variable.getName().toString(), variable.getInitializer());
          }
          return super.visitVariable(variable, unused);
        }
      }.scan(unit, null);
    }

    @Override
    public Void visitNewClass(NewClassTree made, Void unused) {
      if (RECORDS.contains(made.getIdentifier().toString())) {
        read(made.getArguments().getFirst());
      }
      return super.visitNewClass(made, unused);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
      var arguments = call.getArguments();
      if (call.getMethodSelect() instanceof MemberSelectTree method) {
        if (method.getIdentifier().contentEquals("raise") && arguments.size() > 1) {
          read(arguments.getFirst());
        } else if (file.equals("StatusCommand.java")
            && method.getIdentifier().contentEquals("with")
            && arguments.getFirst().toString().equals("\"code\"")) {
          read(arguments.getLast());
        }
      }
      return super.visitMethodInvocation(call, unused);
    }

    private void read(ExpressionTree code) {
      switch (code) {
        case LiteralTree literal ->
            places
                .computeIfAbsent(String.valueOf(literal.getValue()), _ -> new TreeSet<>())
                .add(file);
        case ConditionalExpressionTree choice -> {
          read(choice.getTrueExpression());
          read(choice.getFalseExpression());
        }
        case ParenthesizedTree inner -> read(inner.getExpression());
        case IdentifierTree name when constants.containsKey(name.toString()) ->
            read(constants.get(name.toString()));
        case ExpressionTree other when PASSED_ON.contains(other.toString()) -> {}
        case ExpressionTree other ->
            unreadable.add(file + ": the code of an alarm is to be a literal, came " + other);
      }
    }
  }
}
