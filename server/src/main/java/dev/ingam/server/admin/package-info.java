/// The doors of the operator: Spring MVC, on the admin listener alone.
@NullMarked
package dev.ingam.server.admin;

import org.jspecify.annotations.NullMarked;
