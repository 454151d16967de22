package org.coremu.guest.x86.oracle;

import java.util.List;

/** Something that executes x86-64 user-mode code: the host CPU, or the engine under test. */
public interface Emulator extends AutoCloseable {
  /** Runs every case from its own initial state and returns the outcomes in the same order. */
  List<Outcome> run(List<TestCase> cases);

  /** What stands behind it, for reports. */
  String name();

  @Override
  void close();
}
