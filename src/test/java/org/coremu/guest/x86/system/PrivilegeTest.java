package org.coremu.guest.x86.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.coremu.guest.x86.X86State;
import org.coremu.hw.PortDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a user may do: ports by IOPL and by the map in the task-state segment; aligned accesses if
 * it asks for the check.
 */
class PrivilegeTest {
  private static final int HANDLER = 0xa000;

  private final TestCore t = new TestCore();
  private final List<String> accesses = new ArrayList<>();

  @AfterEach
  void close() {
    t.close();
  }

  private void start() {
    t.ports.map(
        0x60,
        8,
        new PortDevice() {
          @Override
          public int read(int offset, int size) {
            accesses.add("in " + offset + " " + size);
            return 0x1234_5678;
          }

          @Override
          public void write(int offset, int value, int size) {
            accesses.add("out " + offset + " " + size + " " + Integer.toHexString(value));
          }
        });
    t.longMode();
    t.poke(TestCore.TSS + 4, 0xb000, 8);
    for (int vector : new int[] {13, 17}) {
      t.poke(TestCore.IDT + vector * 16L, TestCore.gate(TestCore.KERNEL_CODE64, HANDLER, 0x8e), 8);
    }
    t.poke(HANDLER, 0xfeeb, 2);
    t.toUser(TestCore.USER_CODE64, TestCore.USER_DATA);
  }

  private void map(int limit, int offset) {
    t.poke(TestCore.TSS + 0x66, offset, 2);
    t.x86.put(X86State.SEG_LIMIT + X86State.TR, limit);
  }

  @Test
  void withoutAMapThereAreNoPorts() {
    start();
    map(0x67, 0xffff);
    t.code(0xe6, 0x60).run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    assertThat(accesses).isEmpty();
  }

  @Test
  void iopl() {
    start();
    t.x86.setFlags(0x3002);
    t.x86.put(X86State.RAX, 0xffab);
    t.code(0xe6, 0x61).run(1);
    assertThat(accesses).containsExactly("out 1 1 ab");
  }

  @Test
  void theMapGrantsSinglePorts() {
    start();
    map(0x7f, 0x68);
    t.poke(TestCore.TSS + 0x68 + 12, 0xfffe, 2);
    // in al, 0x60; in ax, 0x60
    t.code(0xe4, 0x60, 0x66, 0xe5, 0x60).run(1);
    assertThat(accesses).containsExactly("in 0 1");
    assertThat(t.x86.get(X86State.RAX)).isEqualTo(0x78);
    t.run(1);
    assertThat(t.pc()).as("the second byte's port is not granted").isEqualTo(HANDLER);
    assertThat(accesses).hasSize(1);
  }

  @Test
  void theMapMustReachThePort() {
    start();
    map(0x68 + 12, 0x68);
    t.code(0xe4, 0x60).run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
  }

  @Test
  void repeatedInput() {
    start();
    t.x86.setFlags(0x3002);
    t.x86.put(X86State.RDX, 0x62);
    t.x86.put(X86State.RCX, 3);
    t.x86.put(X86State.RDI, 0x5000);
    t.code(0xf3, 0x66, 0x6d).run(1);
    assertThat(accesses).containsExactly("in 2 2", "in 2 2", "in 2 2");
    assertThat(t.peek(0x5000, 8)).isEqualTo(0x5678_5678_5678L);
    assertThat(t.x86.get(X86State.RDI)).isEqualTo(0x5006);
    assertThat(t.x86.get(X86State.RCX)).isZero();
  }

  @Test
  void alignmentCheck() {
    start();
    t.x86.put(X86State.CR0, t.x86.get(X86State.CR0) | Bits.CR0_AM);
    t.x86.put(X86State.RBX, 0x5001);
    // mov al, [rbx]; mov eax, [rbx+3]; mov eax, [rbx]
    t.code(0x8a, 0x03, 0x8b, 0x43, 0x03, 0x8b, 0x03);
    t.x86.setFlags(Bits.AC);
    t.x86.updateMode();
    t.run(2);
    assertThat(t.pc()).isEqualTo(TestCore.CODE + 5);
    t.run(1);
    assertThat(t.pc()).isEqualTo(HANDLER);
    long sp = t.x86.get(X86State.RSP);
    assertThat(t.peek(sp, 8)).as("error code").isZero();
    assertThat(t.peek(sp + 8, 8)).isEqualTo(TestCore.CODE + 5);
  }
}
