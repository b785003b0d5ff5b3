package dev.ingam.keys;

import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/// A connection whose commits count as durable writes of a [BrokenDisk].
record BrokenConnection(Connection real, BrokenDisk disk) {
  Connection proxy() {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commit")) {
                commit();
                return null;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void commit() throws SQLException {
    try {
      disk.before();
      real.commit();
      disk.after();
    } catch (UncheckedIOException e) {
      throw new SQLException("broken", e);
    }
  }
}
