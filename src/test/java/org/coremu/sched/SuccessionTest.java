package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.exec.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is expected to go on after whom, and from which turns that is learnt. */
class SuccessionTest {
  private static final long PLACE = 0x1234;

  private final ToyRun run = new ToyRun(4, 1, VirtualClock.adaptive(), 1);
  private final CoreSlot[] slots =
      run.machine.cores().stream().map(CoreSlot::new).toArray(CoreSlot[]::new);
  private final Succession succession = new Succession();

  @AfterEach
  void close() {
    run.close();
  }

  /** Begins turns in an order; each at another time of the host. */
  private void begin(int... cores) {
    for (int core : cores) {
      long before = HostTime.nanos();
      while (HostTime.nanos() == before) {
        Thread.onSpinWait();
      }
      slots[core].begin();
    }
  }

  private CoreSlot worked(int core) {
    return succession.worked(slots[core], PLACE);
  }

  @Test
  void eachFollowsTheOneBefore() {
    for (int core : new int[] {0, 2, 1}) {
      begin(core);
      assertThat(worked(core)).isNull();
    }
    begin(0);
    assertThat(worked(0)).isSameAs(slots[2]);
    assertThat(slots[2].heir).isSameAs(slots[1]);
    assertThat(slots[1].heir).isSameAs(slots[0]);
  }

  @Test
  void turnsThatEndInAnotherOrderCountAsTheyBegan() {
    begin(0);
    worked(0);
    begin(1, 2);
    worked(2);
    worked(1);
    begin(3);
    worked(3);
    assertThat(slots[0].heir).isSameAs(slots[1]);
    assertThat(slots[1].heir).isSameAs(slots[2]);
    assertThat(slots[2].heir).isSameAs(slots[3]);
  }

  @Test
  void coresThatSpinElsewhereOrNotAtAllDoNotCount() {
    begin(0, 1, 2, 3);
    worked(0);
    succession.worked(slots[1], PLACE + 1);
    succession.worked(slots[2], 0);
    worked(3);
    assertThat(slots[0].heir).isSameAs(slots[3]);
    assertThat(slots[1].heir).isNull();
    assertThat(slots[2].heir).isNull();
  }

  @Test
  void aTurnIsInterruptedIfTheCoreWasWokenBeforeItOrInIt() {
    CoreSlot slot = slots[0];
    begin(0);
    assertThat(slot.isInterrupted()).isFalse();
    slot.wake();
    assertThat(slot.isInterrupted()).isTrue();
    slot.rest(Core.YIELDED);
    slot.urgent = true;
    begin(0);
    assertThat(slot.isInterrupted()).isTrue();
    begin(0);
    assertThat(slot.isInterrupted()).isFalse();
  }
}
