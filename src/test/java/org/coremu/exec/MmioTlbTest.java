package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.coremu.hw.MmioDevice;
import org.coremu.ir.IrOp;
import org.coremu.mem.SoftTlb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every access to a device reaches it, once and with its size, whatever the TLB holds. */
class MmioTlbTest {
  private static final long CODE = 0x1000;
  private static final long RAM = 1 << 20;

  /** Begins where RAM ends. */
  private static final long DEVICE = RAM;

  private static final long LOCAL = 0xfe_e000;

  /** Remembers what it is asked, and answers with the offset in each byte. */
  private static final class Log implements MmioDevice {
    final List<String> accesses = new ArrayList<>();

    @Override
    public long read(long offset, int size) {
      accesses.add(String.format("read %d at %x", size, offset));
      return 0x0807060504030201L + offset * 0x0101010101010101L;
    }

    @Override
    public void write(long offset, long value, int size) {
      accesses.add(
          String.format("write %d at %x: %x", size, offset, value & -1L >>> 64 - size * 8));
    }
  }

  private final IrCores machine = new IrCores(2, RAM);
  private final Log device = new Log();

  MmioTlbTest() {
    machine.bus.mapDevice(DEVICE, 0x2000, device);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private int load(int bits, long address, int register) {
    return machine.insn(
        (ir, delta, next) -> ir.put(IrCores.R + register, ir.load(bits, ir.constant(address), 0)));
  }

  private int store(int bits, long address, long value) {
    return machine.insn(
        (ir, delta, next) -> ir.store(bits, ir.constant(address), 0, ir.constant(value)));
  }

  @Test
  void everyAccessReachesTheDeviceWithItsWidth() {
    long value = 0x1122334455667788L;
    machine.reg(0, 9, 3);
    machine.code(
        CODE,
        load(8, DEVICE + 3, 0),
        load(16, DEVICE + 2, 1),
        load(32, DEVICE + 4, 2),
        load(64, DEVICE + 8, 3),
        store(8, DEVICE + 3, value),
        store(16, DEVICE + 2, value),
        store(32, DEVICE + 4, value),
        store(64, DEVICE + 8, value),
        machine.loop(9, -8),
        IrCores.STOP);
    machine.run(0, CODE);
    List<String> once =
        List.of(
            "read 1 at 3",
            "read 2 at 2",
            "read 4 at 4",
            "read 8 at 8",
            "write 1 at 3: 88",
            "write 2 at 2: 7788",
            "write 4 at 4: 55667788",
            "write 8 at 8: 1122334455667788");
    List<String> thrice = new ArrayList<>(once);
    thrice.addAll(once);
    thrice.addAll(once);
    assertThat(device.accesses).isEqualTo(thrice);
    assertThat(machine.reg(0, 0))
        .as("a load is zero-extended, whatever the device gives")
        .isEqualTo(0x04);
    assertThat(machine.reg(0, 1)).isEqualTo(0x0403);
    assertThat(machine.reg(0, 2)).isEqualTo(0x08070605);
  }

  @Test
  void aDevicePageIsNotInTheTlb() {
    machine.code(
        CODE, load(64, DEVICE - 8, 0), load(64, DEVICE, 1), store(64, DEVICE, 1), IrCores.STOP);
    machine.run(0, CODE);
    SoftTlb tlb = machine.core(0).tlb;
    assertThat(tlb.lookup(0, DEVICE - 8, SoftTlb.READ)).as("RAM").isEqualTo(RAM - 8);
    for (int access : new int[] {SoftTlb.READ, SoftTlb.WRITE, SoftTlb.EXECUTE}) {
      assertThat(tlb.lookup(0, DEVICE, access)).as("device").isEqualTo(-1);
    }
  }

  @Test
  void anAccessFromRamIntoADeviceIsDoneByteByByte() {
    machine.ram.store64(RAM - 8, 0xbbaa_0000_0000_0000L);
    machine.code(CODE, load(32, RAM - 2, 0), store(32, RAM - 2, 0x44332211), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(device.accesses)
        .containsExactly("read 1 at 0", "read 1 at 1", "write 1 at 0: 33", "write 1 at 1: 44");
    assertThat(machine.reg(0, 0)).isEqualTo(0x0201_bbaaL);
    assertThat(machine.ram.load16(RAM - 2)).isEqualTo(0x2211);
  }

  @Test
  void whatIsNowhereReadsAsOnesAndKeepsNothing() {
    long nowhere = RAM + 0x10_0000;
    machine.code(
        CODE, store(32, nowhere, 5), load(32, nowhere, 0), load(64, nowhere, 1), IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(0xffffffffL);
    assertThat(machine.reg(0, 1)).isEqualTo(-1);
  }

  @Test
  void atomicOpsAndVectorsReachTheDevice() {
    int exchange =
        machine.insn(
            (ir, delta, next) ->
                ir.put(
                    IrCores.R,
                    ir.atomic(IrOp.XCHG, 32, ir.constant(DEVICE + 4), ir.constant(0x99))));
    int vector =
        machine.insn(
            (ir, delta, next) ->
                ir.storeV(
                    ir.constant(DEVICE + 16), 0, ir.loadV(ir.constant(DEVICE), 0, true), true));
    machine.code(CODE, exchange, vector, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(device.accesses)
        .containsExactly(
            "read 4 at 4",
            "write 4 at 4: 99",
            "read 8 at 0",
            "read 8 at 8",
            "write 8 at 10: 807060504030201",
            "write 8 at 18: 100f0e0d0c0b0a09");
  }

  @Test
  void romIsReadOnlyMemory() {
    long rom = 0x20_0000;
    machine.bus.mapRam(rom, 0x1000, 0x5000, false);
    machine.ram.store32(0x5000, 77);
    machine.code(CODE, load(32, rom, 0), store(32, rom, 5), load(32, rom, 1), IrCores.STOP);
    machine.run(0, CODE).run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(77);
    assertThat(machine.reg(0, 1)).isEqualTo(77);
    assertThat(machine.guest(0).faults).isEmpty();
  }

  @Test
  void aLocalDeviceIsSeenByItsCoreAlone() {
    Log[] local = {new Log(), new Log()};
    for (int i = 0; i < 2; i++) {
      machine.core(i).memory.mapLocal(LOCAL, local[i]);
    }
    machine.code(CODE, load(32, LOCAL + 0x20, 0), store(32, LOCAL + 0xb0, 1), IrCores.STOP);
    machine.run(0, CODE).run(1, CODE).run(1, CODE);
    List<String> once = List.of("read 4 at 20", "write 4 at b0: 1");
    assertThat(local[0].accesses).isEqualTo(once);
    assertThat(local[1].accesses).hasSize(4);
    machine.core(0).memory.mapLocal(-1, null);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).as("nothing there any more").isEqualTo(0xffffffffL);
    assertThat(local[0].accesses).isEqualTo(once);
  }

  @Test
  void codeCanRunFromADeviceButIsNotKept() {
    int addOne = machine.addTo(0, 1);
    int back = machine.insn((ir, delta, next) -> ir.jumpIndirect(ir.constant(CODE + 4)));
    int[] code = {addOne, back};
    machine.bus.mapDevice(
        0x30_0000,
        0x1000,
        new MmioDevice() {
          @Override
          public long read(long offset, int size) {
            return code[(int) offset / 4] >>> (offset & 3) * 8;
          }

          @Override
          public void write(long offset, long value, int size) {}
        });
    int go = machine.insn((ir, delta, next) -> ir.jumpIndirect(ir.constant(0x30_0000)));
    machine.code(CODE, go, IrCores.STOP);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(1);
    code[0] = machine.addTo(0, 10);
    machine.run(0, CODE);
    assertThat(machine.reg(0, 0)).isEqualTo(11);
    assertThat(machine.core(0).instructions()).isEqualTo(2 * 4);
  }
}
