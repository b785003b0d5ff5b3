package com.example.orders;

import dev.ingam.wire.AccessToken;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Orders {
  public static void main(String[] args) {
    SpringApplication.run(Orders.class, args);
  }

  @GetMapping("/orders")
  String orders(@AuthenticationPrincipal AccessToken.Claims token) {
    return "orders of " + token.subject();
  }
}
