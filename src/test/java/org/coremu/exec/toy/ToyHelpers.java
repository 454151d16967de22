package org.coremu.exec.toy;

import org.coremu.exec.Core;
import org.coremu.exec.CoreMessage;
import org.coremu.exec.Helpers;
import org.coremu.ir.Effect;

/** The toy's helpers, for one machine. */
final class ToyHelpers {
  private static final CoreMessage TOKEN =
      core -> core.state.put(ToyGuest.TOKENS, core.state.get(ToyGuest.TOKENS) + 1);

  final Helpers table = new Helpers();
  final int addExclusively;
  final int halt;
  final int send;
  final int pause;
  final int id;
  final int now;
  final int count;
  final int timer;
  final int out;
  final int fault;
  final int steps;
  final int bug;

  ToyHelpers(ToyMachine machine) {
    addExclusively =
        table.add("addExclusively", Effect.FAULTS | Effect.VISIBLE, ToyHelpers::addExclusively);
    halt =
        table.add(
            "halt",
            Effect.WRITES_STATE | Effect.VISIBLE,
            (core, a, b, c) -> put(core, ToyGuest.HALTED, 1));
    send = table.add("send", Effect.VISIBLE, (core, a, b, c) -> post(machine.core((int) a)));
    pause = table.add("pause", Effect.VISIBLE, (core, a, b, c) -> pause(core));
    id = table.add("id", Effect.NONE, (core, a, b, c) -> core.index);
    now = table.add("now", Effect.VISIBLE, (core, a, b, c) -> machine.clock().now());
    count = table.add("count", Effect.VISIBLE, (core, a, b, c) -> core.instructions());
    timer = table.add("timer", Effect.VISIBLE, (core, a, b, c) -> machine.armTimer(core.index, a));
    out = table.add("out", Effect.VISIBLE, (core, a, b, c) -> machine.out(core, a));
    fault =
        table.add(
            "fault",
            Effect.FAULTS | Effect.VISIBLE,
            (core, a, b, c) -> {
              throw ToyGuest.Fault.INSTANCE;
            });
    steps =
        table.add(
            "steps",
            Effect.WRITES_STATE | Effect.VISIBLE,
            (core, a, b, c) -> put(core, ToyGuest.STEPS, a));
    bug =
        table.add(
            "bug",
            Effect.VISIBLE,
            (core, a, b, c) -> {
              throw new AssertionError("a bug on purpose");
            });
  }

  private static long addExclusively(Core core, long address, long value, long c) {
    core.memory.checkWritable(address, 8);
    long[] old = new long[1];
    core.memory.exclusively(
        () -> {
          old[0] = core.memory.load(address, 8);
          core.memory.store(address, old[0] + value, 8);
        });
    return old[0];
  }

  static long post(Core core) {
    core.post(TOKEN);
    return 0;
  }

  private static long pause(Core core) {
    core.yield();
    return 0;
  }

  private static long put(Core core, int slot, long value) {
    core.state.put(slot, value);
    return 0;
  }
}
