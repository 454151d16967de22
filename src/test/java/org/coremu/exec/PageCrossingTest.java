package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.ir.IrOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Accesses over the end of a page: of every size, at every place, with the second page elsewhere,
 * missing or read-only.
 */
class PageCrossingTest {
  private static final long CODE = 0x1000;
  private static final long PAGE = 0x40_0000;
  private static final long NEXT = PAGE + 0x1000;

  /** The two pages lie apart in memory, in the other order. */
  private static final long FIRST = 0x9000;

  private static final long SECOND = 0x6000;

  private final IrCores machine = new IrCores(1, 1 << 20);
  private final IrGuest guest = machine.guest(0);

  /**
   * Address in register 0, value in register 1, result in register 2; vectors from register 4 on.
   */
  private int op(int bits, boolean store) {
    return machine.insn(
        (ir, delta, next) -> {
          int address = ir.get(IrCores.R);
          if (bits == 128 && store) {
            ir.storeV(address, 0, ir.getV(IrCores.R + 4), false);
          } else if (bits == 128) {
            ir.putV(IrCores.R + 6, ir.loadV(address, 0, false));
          } else if (store) {
            ir.store(bits, address, 0, ir.get(IrCores.R + 1));
          } else {
            ir.put(IrCores.R + 2, ir.load(bits, address, 0));
          }
        });
  }

  @BeforeEach
  void fill() {
    machine.map(PAGE, FIRST, true).map(NEXT, SECOND, true);
    for (int i = 0; i < 32; i++) {
      machine.ram.store8(at(NEXT - 16 + i), byteOf(i));
    }
    machine.reg(0, 4, 0x8182838485868788L).reg(0, 5, 0x9192939495969798L);
    machine.reg(0, 1, 0xa1a2a3a4a5a6a7a8L);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private static int byteOf(int i) {
    return 0x30 + i * 7 & 0xff;
  }

  /** Where a virtual address is in RAM. */
  private static long at(long virtual) {
    return virtual < NEXT ? FIRST + virtual - PAGE : SECOND + virtual - NEXT;
  }

  private void run(int op, long address) {
    machine.code(CODE, op, IrCores.STOP);
    machine.reg(0, 0, address).reg(0, 2, 0x77).reg(0, 6, 0x66).reg(0, 7, 0x77);
    guest.faults.clear();
    machine.run(0, CODE);
  }

  /** Byte i of the value that is stored. */
  private long stored(int bits, int i) {
    long part = bits < 128 ? machine.reg(0, 1) : machine.reg(0, 4 + i / 8);
    return part >>> i % 8 * 8 & 0xff;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64, 128})
  void loads(int bits) {
    int load = op(bits, false);
    for (int start = 0; start <= 16; start++) {
      for (boolean flush : new boolean[] {true, false}) {
        if (flush) {
          machine.core(0).flushTlb();
        }
        run(load, NEXT - 16 + start);
        for (int i = 0; i < bits / 8; i++) {
          long part = machine.reg(0, bits < 128 ? 2 : 6 + i / 8);
          assertThat(part >>> i % 8 * 8 & 0xff)
              .as("byte %d from %d", i, start)
              .isEqualTo(byteOf(start + i));
        }
        assertThat(bits < 64 ? machine.reg(0, 2) >>> bits : 0).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64, 128})
  void stores(int bits) {
    int store = op(bits, true);
    for (int start = 0; start <= 16; start++) {
      for (boolean flush : new boolean[] {true, false}) {
        fill();
        if (flush) {
          machine.core(0).flushTlb();
        }
        run(store, NEXT - 16 + start);
        for (int i = 0; i < 32; i++) {
          boolean inside = i >= start && i < start + bits / 8;
          assertThat((long) machine.ram.load8(at(NEXT - 16 + i)))
              .as("byte %d after a store to %d", i, start)
              .isEqualTo(inside ? stored(bits, i - start) : byteOf(i));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64, 128})
  void aFaultOnTheSecondPageChangesNothing(int bits) {
    int store = op(bits, true);
    int load = op(bits, false);
    for (int start = 17 - bits / 8; start < 16; start++) {
      machine.map(NEXT, SECOND, false);
      machine.core(0).flushTlb();
      run(store, NEXT - 16 + start);
      assertUnchanged(NEXT);
      run(load, NEXT - 16 + start);
      assertThat(guest.faults).isEmpty();
      machine.unmap(NEXT);
      machine.core(0).flushTlb();
      run(store, NEXT - 16 + start);
      assertUnchanged(NEXT);
      run(load, NEXT - 16 + start);
      assertUnchanged(NEXT);
      machine.map(NEXT, SECOND, true);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64, 128})
  void aFaultOnTheFirstPageChangesNothing(int bits) {
    int store = op(bits, true);
    machine.map(PAGE, FIRST, false);
    for (int start = 17 - bits / 8; start < 16; start++) {
      run(store, NEXT - 16 + start);
      assertUnchanged(NEXT - 16 + start);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void atomicOpsFaultBeforeTheyChangeAnything(int bits) {
    int add =
        machine.insn(
            (ir, delta, next) ->
                ir.put(
                    IrCores.R + 2,
                    ir.atomic(IrOp.FADD, bits, ir.get(IrCores.R), ir.get(IrCores.R + 1))));
    int cas =
        machine.insn(
            (ir, delta, next) ->
                ir.put(
                    IrCores.R + 2,
                    ir.cas(bits, ir.get(IrCores.R), ir.constant(0), ir.constant(1))));
    machine.map(NEXT, SECOND, false);
    for (int start = 17 - bits / 8; start < 16; start++) {
      run(add, NEXT - 16 + start);
      assertUnchanged(NEXT);
      // The comparison fails, but the access is a write all the same.
      run(cas, NEXT - 16 + start);
      assertUnchanged(NEXT);
    }
  }

  private void assertUnchanged(long fault) {
    assertThat(guest.faults).hasSize(1);
    assertThat(guest.faults.getFirst().address()).isEqualTo(fault);
    assertThat(guest.faults.getFirst().pc()).isEqualTo(CODE);
    for (int i = 0; i < 32; i++) {
      assertThat(machine.ram.load8(at(NEXT - 16 + i))).isEqualTo(byteOf(i));
    }
    assertThat(machine.reg(0, 2)).isEqualTo(0x77);
    assertThat(machine.reg(0, 6)).isEqualTo(0x66);
    assertThat(machine.reg(0, 7)).isEqualTo(0x77);
  }
}
