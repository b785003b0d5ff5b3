package dev.ingam.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// The environment of this process as native libraries see it. `System.getenv` was read when the
/// process began and tells nothing of what is set here.
public final class Environment {
  private Environment() {}

  /// Sets a variable, whatever it was.
  @SuppressWarnings("restricted") // setenv is called as POSIX declares it.
  public static void set(String name, String value) {
    var linker = Linker.nativeLinker();
    var setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int answer = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (answer != 0) {
        throw new IllegalStateException("setenv of " + name + " answered " + answer);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv of " + name, e);
    }
  }
}
