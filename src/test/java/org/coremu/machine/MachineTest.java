package org.coremu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coremu.sched.Activity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machine as a library: built in Java code, talked to over its console, closed; several at
 * once.
 */
@Timeout(300)
class MachineTest {
  @TempDir static Path directory;
  private static Path kernel;

  @BeforeAll
  static void buildKernel() throws IOException, InterruptedException {
    kernel = build("echo");
  }

  private static Path build(String name) throws IOException, InterruptedException {
    Path elf = directory.resolve(name + ".elf");
    assumeThat(Files.isExecutable(Path.of("/usr/bin/gcc"))).as("gcc is installed").isTrue();
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-m32",
                "-nostdlib",
                "-static",
                "-no-pie",
                "-Wl,-n,-Ttext=0x100000,--build-id=none",
                "-o",
                elf.toString(),
                "src/test/guest/multiboot/" + name + ".S")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("gcc.log").toFile())
            .start();
    assertThat(gcc.waitFor()).as(Files.readString(directory.resolve("gcc.log"))).isZero();
    return elf;
  }

  private static MachineSpecBuilder spec(TestConsole console) {
    return MachineSpec.builder().kernel(kernel).ramBytes(16 << 20).serial(console);
  }

  @Test
  void bootsTalksAndSwitchesItselfOff() throws InterruptedException {
    TestConsole console = new TestConsole();
    try (Machine machine = Machine.create(spec(console).build())) {
      machine.start();
      console.await("ready\n");
      console.type("hello\n");
      assertThat(machine.await()).isEqualTo(Exit.of(Exit.Reason.POWER_OFF));
      assertThat(console.output()).isEqualTo("ready\nHELLO\n");
      assertThat(machine.stats().instructions()).isPositive();
    }
  }

  @Test
  void saysWhereItsMachineCodeIs() throws InterruptedException {
    assumeThat(Tier.best()).isEqualTo(Tier.NATIVE);
    TestConsole console = new TestConsole();
    Set<Long> guestAddresses = ConcurrentHashMap.newKeySet();
    MachineSpec spec =
        spec(console)
            .codeListener(
                (address, bytes, guestAddress, trace) -> {
                  assertThat(address).isNotZero();
                  assertThat(bytes).isPositive();
                  guestAddresses.add(guestAddress);
                })
            .build();
    try (Machine machine = Machine.create(spec)) {
      machine.start();
      console.await("ready\n");
      machine.stop();
      machine.await();
      assertThat(guestAddresses).anyMatch(a -> a >>> 12 == 0x100);
    }
  }

  @Test
  void twoMachinesInOneJvmDoNotDisturbEachOther() throws InterruptedException {
    TestConsole one = new TestConsole();
    TestConsole two = new TestConsole();
    try (Machine a = Machine.create(spec(one).build());
        Machine b = Machine.create(spec(two).build())) {
      a.start();
      b.start();
      one.await("ready\n");
      two.await("ready\n");
      two.type("second\n");
      one.type("first\n");
      assertThat(a.await().reason()).isEqualTo(Exit.Reason.POWER_OFF);
      assertThat(b.await().reason()).isEqualTo(Exit.Reason.POWER_OFF);
      assertThat(one.output()).endsWith("FIRST\n");
      assertThat(two.output()).endsWith("SECOND\n");
    }
  }

  @Test
  void canBeLookedAtWhileItRuns() throws InterruptedException {
    TestConsole console = new TestConsole();
    Machine machine = Machine.create(spec(console).topology(Topology.ofCpus(3)).build());
    try (machine) {
      machine.start();
      console.await("ready\n");
      Sample first = machine.sample();
      while (first.cores().getFirst().yields() == 0
          || first.cores().getLast().activity() != Activity.HALTED) {
        Thread.sleep(1);
        first = machine.sample();
      }
      assertThat(first.cores()).hasSize(3);
      CoreSample boot = first.cores().getFirst();
      assertThat(boot.activity()).isEqualTo(Activity.SPINNING); // it polls its serial line
      assertThat(boot.instructions()).isPositive();
      assertThat(boot.pc()).isBetween(0x100000L, 0x101000L);
      console.type("hello\n");
      machine.await();
      Sample last = machine.sample();
      assertThat(last.stats().instructions()).isGreaterThan(first.stats().instructions());
      assertThat(last.stats().exits() > 0).isEqualTo(last.stats().tier() == Tier.NATIVE);
    }
    assertThatThrownBy(machine::sample).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stopsWhenAsked() throws InterruptedException {
    TestConsole console = new TestConsole();
    try (Machine machine = Machine.create(spec(console).build())) {
      machine.start();
      console.await("ready\n");
      machine.stop();
      assertThat(machine.await().reason()).isEqualTo(Exit.Reason.STOPPED);
    }
  }

  @Test
  void equalDeterministicRunsEndInEqualState() throws InterruptedException {
    Set<String> hashes = new HashSet<>();
    for (int run = 0; run < 3; run++) {
      TestConsole console = new TestConsole();
      console.type("same input\n");
      MachineSpec spec =
          spec(console).deterministic(true).clock(ClockPolicy.ICOUNT).seed(1).build();
      try (Machine machine = Machine.create(spec)) {
        machine.start();
        machine.await();
        hashes.add(machine.stateHash());
      }
    }
    assertThat(hashes).hasSize(1);
  }

  @Test
  void coresBeyondEightBitIdsStartInX2ApicMode() throws IOException, InterruptedException {
    TestConsole console = new TestConsole();
    Path manyCores = build("manycores");
    MachineSpec spec = spec(console).kernel(manyCores).topology(Topology.ofCpus(300)).build();
    try (Machine machine = Machine.create(spec)) {
      machine.start();
      assertThat(machine.await()).isEqualTo(Exit.of(Exit.Reason.POWER_OFF));
    }
    // The bootstrap core's APIC base, that of core 299 and its id, and vector 0x41 requested.
    assertThat(console.output()).isEqualTo("FEE00D00\nFEE00C00\n0000012B\n00000002\n");
  }
}
