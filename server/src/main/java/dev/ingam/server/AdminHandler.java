package dev.ingam.server;

import dev.ingam.server.admin.AdminGuard;
import dev.ingam.server.admin.AdminWiring;
import dev.ingam.server.admin.MetricsServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/// Spring MVC behind the doors, in a context of its own under the server's. Making it takes longer
/// than all the rest of a start, so the doors open first and it is made right after; a request that
/// comes meanwhile waits for it.
final class AdminHandler extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  private final ServletHolder servlet;

  /// @param guard stands before everything, mapped by Spring or not
  /// @param metrics answers without Spring
  AdminHandler(ApplicationContext parent, AdminGuard guard, MetricsServlet metrics) {
    var context = new AnnotationConfigWebApplicationContext();
    context.setParent(parent);
    context.register(AdminWiring.class);
    var dispatcher = new DispatcherServlet(context);
    dispatcher.setDispatchTraceRequest(
        true); // Else the servlet API answers TRACE, with the request.
    servlet = new Later(dispatcher);
    var handler = new ServletContextHandler();
    handler.setContextPath("/");
    handler.addFilter(new FilterHolder(guard), "/*", EnumSet.of(DispatcherType.REQUEST));
    handler.addServlet(servlet, "/");
    handler.addServlet(new ServletHolder("metrics", metrics), AdminGuard.METRICS);
    setHandler(handler);
  }

  /// Not made ready with the server: Jetty does so at the start with every servlet that is there
  /// already.
  private static final class Later extends ServletHolder {
    private Later(Servlet servlet) {
      super("admin", servlet);
    }

    @Override
    public void initialize() {}
  }

  /// Makes the admin API ready in the background.
  void warm() {
    Thread.ofPlatform().name("admin-start").daemon().start(this::make);
  }

  private void make() {
    try {
      servlet.getServlet();
    } catch (ServletException | RuntimeException e) {
      LOG.atError().setCause(e).log("The admin API did not start");
    }
  }
}
