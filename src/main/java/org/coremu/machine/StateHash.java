package org.coremu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.mem.Ram;

/** SHA-256 over the state of a machine: what a deterministic run must end with again. */
final class StateHash {
  private final MessageDigest digest;
  private final byte[] number = new byte[8];

  StateHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  /** Adds the architectural state of a core. */
  void add(Core core) {
    for (int slot = CoreState.PC; slot < CoreState.SCRATCH; slot++) {
      if (CoreState.isGuestState(slot)) {
        add(core.state.get(slot));
      }
    }
  }

  /** Adds the pages of RAM that are not zero. */
  void add(Ram ram) {
    byte[] page = new byte[Ram.PAGE_SIZE];
    MemorySegment zero = MemorySegment.ofArray(new byte[Ram.PAGE_SIZE]);
    for (long offset = 0; offset < ram.size(); offset += Ram.PAGE_SIZE) {
      MemorySegment at = ram.segment().asSlice(offset, Ram.PAGE_SIZE);
      if (at.mismatch(zero) >= 0) {
        add(offset);
        MemorySegment.copy(at, ValueLayout.JAVA_BYTE, 0, page, 0, page.length);
        digest.update(page);
      }
    }
  }

  /** Adds the state of a device. */
  void add(Record state) {
    try {
      for (RecordComponent c : state.getClass().getRecordComponents()) {
        c.getAccessor().setAccessible(true);
        addValue(c.getAccessor().invoke(state));
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("state of " + state.getClass(), e);
    }
  }

  private void addValue(Object value) {
    switch (value) {
      case null -> add(-1);
      case Number n -> add(n instanceof Double d ? Double.doubleToRawLongBits(d) : n.longValue());
      case Boolean b -> add(b ? 1 : 0);
      case Character c -> add(c);
      case Enum<?> e -> add(e.ordinal());
      case String s -> digest.update(s.getBytes(StandardCharsets.UTF_8));
      case Record r -> add(r);
      case Collection<?> all -> {
        add(all.size());
        all.forEach(this::addValue);
      }
      default -> {
        if (!value.getClass().isArray()) {
          throw new AssertionError("state of type " + value.getClass());
        }
        int length = Array.getLength(value);
        add(length);
        for (int i = 0; i < length; i++) {
          addValue(Array.get(value, i));
        }
      }
    }
  }

  private void add(long value) {
    ByteBuffer.wrap(number).putLong(value);
    digest.update(number);
  }

  /** The hash, in hexadecimal. */
  String value() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
