/// For tests: clock, PostgreSQL, seeded data.
@NullMarked
package dev.ingam.testkit;

import org.jspecify.annotations.NullMarked;
