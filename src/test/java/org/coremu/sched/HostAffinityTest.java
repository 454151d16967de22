package org.coremu.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coremu.exec.toy.ToyOp;
import org.coremu.exec.toy.ToyProgram;
import org.junit.jupiter.api.Test;

/** Workers on the host CPUs that they were given. */
class HostAffinityTest {
  @Test
  void pinsTheCallingThreadOnly() throws InterruptedException {
    List<Integer> before = HostAffinity.allowed();
    assertThat(before).isNotEmpty().isSorted();
    List<Integer> pinned = new ArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  assertThat(HostAffinity.pin(before.getLast())).isTrue();
                  pinned.addAll(HostAffinity.allowed());
                });
    thread.join();
    assertThat(pinned).containsExactly(before.getLast());
    assertThat(HostAffinity.allowed()).isEqualTo(before);
    assertThat(HostAffinity.pin(8191)).isFalse();
  }

  @Test
  void workersTakeTheCpusInTurn() throws InterruptedException {
    List<Integer> cpus = HostAffinity.allowed();
    int workers = cpus.size() + 1;
    Set<List<Integer>> seen = ConcurrentHashMap.newKeySet();
    SchedulerConfig config =
        new SchedulerConfig(ToyRun.QUANTUM, ToyRun.MAX_SKEW, workers, cpus, Policy.all());
    try (ToyRun run = new ToyRun(workers, VirtualClock.adaptive(), 1, config)) {
      run.machine.onOut(
          (core, value) -> {
            seen.add(HostAffinity.allowed());
            if (seen.size() == cpus.size()) {
              run.outs.countDown();
            }
          });
      run.machine.loadAll(new ToyProgram(0x1000).label("again").op(ToyOp.OUT, 1).jmp("again"));
      run.runToEnd();
      assertThat(seen).allMatch(set -> set.size() == 1);
    }
  }
}
