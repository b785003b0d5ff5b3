package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// An array of `CK_ATTRIBUTE` in native memory: what an object is to be like, or room for what the
/// library tells of it.
final class Template {
  private static final int MOST = 16;
  private static final StructLayout ATTRIBUTE =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("type"), ADDRESS.withName("pValue"), JAVA_LONG.withName("ulValueLen"));
  private static final long VALUE = JAVA_LONG.byteSize();
  private static final long LENGTH = VALUE + ADDRESS.byteSize();

  private final Arena arena;
  private final MemorySegment attributes;
  private final List<MemorySegment> values = new ArrayList<>();

  Template(Arena arena) {
    this.arena = arena;
    this.attributes = arena.allocate(ATTRIBUTE, MOST);
  }

  Template with(long type, boolean value) {
    return add(type, arena.allocateFrom(JAVA_BYTE, (byte) (value ? 1 : 0)));
  }

  Template with(long type, long value) {
    return add(type, arena.allocateFrom(JAVA_LONG, value));
  }

  Template with(long type, byte[] value) {
    return add(type, arena.allocateFrom(JAVA_BYTE, value));
  }

  Template with(long type, String value) {
    return with(type, value.getBytes(StandardCharsets.UTF_8));
  }

  /// Room for an attribute that is asked for.
  Template room(long type, long bytes) {
    return add(type, arena.allocate(bytes, JAVA_LONG.byteAlignment()));
  }

  MemorySegment segment() {
    return attributes;
  }

  long count() {
    return values.size();
  }

  /// What the library wrote for the attribute at this place; empty when it wrote nothing.
  byte[] value(int place) {
    long length = attributes.get(JAVA_LONG, place * ATTRIBUTE.byteSize() + LENGTH);
    var room = values.get(place);
    return length == Ck.CK_UNAVAILABLE_INFORMATION
        ? new byte[0]
        : room.asSlice(0, length).toArray(JAVA_BYTE);
  }

  private Template add(long type, MemorySegment value) {
    var attribute = attributes.asSlice(values.size() * ATTRIBUTE.byteSize(), ATTRIBUTE);
    attribute.set(JAVA_LONG, 0, type);
    attribute.set(ADDRESS, VALUE, value);
    attribute.set(JAVA_LONG, LENGTH, value.byteSize());
    values.add(value);
    return this;
  }
}
