package dev.ingam.starter;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.util.matcher.RequestMatcher;

/// Makes a filter chain one that takes Ingam's tokens. In a chain of your own: `http.with(ingam,
/// Customizer.withDefaults())`; what else that chain does, for requests without a token, stays.
///
/// Requests with a token need no protection against forgery from other sites: no browser adds that
/// header by itself.
public final class IngamResourceServer
    extends AbstractHttpConfigurer<IngamResourceServer, HttpSecurity> {
  private final AuthenticationManager manager;
  private final AuthenticationConverter converter;
  private final Refusals refusals = new Refusals();

  IngamResourceServer(AuthenticationManager manager, AuthenticationConverter converter) {
    this.manager = manager;
    this.converter = converter;
  }

  @Override
  public void init(HttpSecurity http) {
    RequestMatcher withToken = PresentedTokenConverter::isPresented;
    http.csrf(csrf -> csrf.ignoringRequestMatchers(withToken));
    http.exceptionHandling(handling ->
        handling
            .defaultAuthenticationEntryPointFor(refusals, withToken)
            .defaultAccessDeniedHandlerFor(refusals, withToken));
  }

  @Override
  public void configure(HttpSecurity http) {
    var filter = new AuthenticationFilter(manager, converter);
    filter.setFailureHandler(new AuthenticationEntryPointFailureHandler(refusals));
    filter.setSuccessHandler((request, response, authentication) -> {});
    http.addFilterBefore(filter, BasicAuthenticationFilter.class);
  }
}
