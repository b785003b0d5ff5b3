package dev.ingam.server.start;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a setting is for, in the words of `docs/spec/configuration.md`, which is written from
/// these.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Meaning {
  /// What it sets, with its bounds.
  String value();

  /// What somebody gains who can set it.
  String gains();

  /// What holds when nothing is set, where that is no plain value.
  String otherwise() default "";
}
