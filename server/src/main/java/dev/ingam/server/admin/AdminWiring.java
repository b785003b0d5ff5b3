package dev.ingam.server.admin;

import org.springframework.context.annotation.Configuration;

/// The beans of the admin API.
@Configuration(proxyBeanMethods = false)
public class AdminWiring {}
