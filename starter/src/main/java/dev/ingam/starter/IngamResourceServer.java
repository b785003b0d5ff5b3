package dev.ingam.starter;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/// Makes a filter chain one that takes Ingam's tokens and keeps no session. In a chain of your own:
/// `http.with(ingam, Customizer.withDefaults())`.
///
/// Forgery of requests from other sites is no matter where nothing but a header that no browser
/// adds by itself says who a request is from; the protection is off.
public final class IngamResourceServer
    extends AbstractHttpConfigurer<IngamResourceServer, HttpSecurity> {
  private final AuthenticationManager manager;
  private final Refusals refusals = new Refusals();

  IngamResourceServer(AuthenticationManager manager) {
    this.manager = manager;
  }

  @Override
  public void init(HttpSecurity http) {
    http.csrf(AbstractHttpConfigurer::disable);
    http.sessionManagement(
        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    http.exceptionHandling(
        handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals));
  }

  @Override
  public void configure(HttpSecurity http) {
    var filter = new AuthenticationFilter(manager, new PresentedTokenConverter());
    filter.setFailureHandler(new AuthenticationEntryPointFailureHandler(refusals));
    filter.setSuccessHandler((request, response, authentication) -> {});
    http.addFilterBefore(filter, BasicAuthenticationFilter.class);
  }
}
